// Reading through a mirror: file:// remotes, and remotes that do not answer.

import Effects
import FormationModel
import Foundation
import GitSource
import Glibc
import Testing

@Suite struct RemoteReadingTests {
  @Test func `a remote is fetched when its branch moved, and only then`() async throws {
    let repository = try TestRepository()
    let source = try repository.source("file://" + repository.path)
    let first = try await source.read(inForce: nil).formation()
    #expect(first.names == ["shop"])
    // Without the objects a fetch would fail; the same commit is read from the mirror alone.
    let objects = repository.path + "/.git/objects"
    try FileManager.default.moveItem(atPath: objects + "/pack", toPath: objects + "/elsewhere")
    #expect(try await source.read(inForce: nil).formation() == first)
    try FileManager.default.moveItem(atPath: objects + "/elsewhere", toPath: objects + "/pack")
    try repository.app("other")
    let head = try repository.commit("Second")
    let second = try await source.read(inForce: first.formation.revision?.id).formation()
    #expect(second.names == ["other", "shop"])
    #expect(second.formation.revision?.id == head)
  }

  @Test func `a remote's refs have the same problems as local ones`() async throws {
    let repository = try TestRepository()
    try repository.git("branch", "both")
    try repository.git("tag", "both")
    func kind(_ ref: String?) async throws -> SourceProblem.Kind {
      try await repository.source("file://" + repository.path, ref: ref)
        .read(inForce: nil).problem().kind
    }
    #expect(try await kind("both") == .ambiguousRef)
    #expect(try await kind("gone") == .missingRef)
    #expect(try await kind("refs/heads/gone") == .missingRef)
    #expect(try await kind("--upload-pack=touch x") == .refusedAddress)
    try repository.git("checkout", "--quiet", "--detach")
    #expect(try await kind(nil) == .detachedHead)
    try repository.git("checkout", "--quiet", "--orphan", "new")
    #expect(try await kind(nil) == .missingRef)
    let empty = try TestRepository(empty: true)
    let problem = try await empty.source("file://" + empty.path).read(inForce: nil).problem()
    #expect(problem.kind == .emptyRepository)
  }

  @Test func `branches, tags and commit ids of a remote are read`() async throws {
    let repository = try TestRepository()
    let first = try repository.head()
    try repository.git("tag", "-m", "annotated", "v1")
    try repository.app("other")
    try repository.commit("Second")
    for ref in ["v1", "refs/tags/v1", first.rawValue] {
      let source = try repository.source("file://" + repository.path, ref: ref)
      let sourced = try await source.read(inForce: nil).formation()
      #expect(sourced.formation.revision?.id == first, "\(ref)")
    }
  }

  @Test func `a deleted branch, a rewound one and a forced one`() async throws {
    let repository = try TestRepository()
    let first = try repository.head()
    try repository.git("checkout", "--quiet", "-b", "deploy")
    try repository.app("other")
    let second = try repository.commit("Second")
    let source = try repository.source("file://" + repository.path, ref: "deploy")
    _ = try await source.read(inForce: first).formation()
    try repository.git("reset", "--quiet", "--hard", first.rawValue)
    #expect(try await source.read(inForce: second).problem().kind == .rewound)
    try repository.app("forced")
    let forced = try repository.commit("Forced")
    #expect(try await source.read(inForce: second).formation().formation.revision?.id == forced)
    try repository.git("checkout", "--quiet", "main")
    try repository.git("branch", "-D", "deploy")
    #expect(try await source.read(inForce: forced).problem().kind == .missingRef)
    // A branch below the old name collides with no ref of the mirror.
    try repository.git("branch", "deploy/eu")
    let nested = try repository.source("file://" + repository.path, ref: "deploy/eu")
    _ = try await nested.read(inForce: nil).formation()
  }

  @Test func `a remote that vanished is unreachable, and is read again once it is back`()
    async throws
  {
    let repository = try TestRepository()
    let source = try repository.source("file://" + repository.path)
    _ = try await source.read(inForce: nil).formation()
    try FileManager.default.moveItem(atPath: repository.path, toPath: repository.path + "-away")
    #expect(try await source.read(inForce: nil).problem().kind == .unreachable)
    try FileManager.default.moveItem(atPath: repository.path + "-away", toPath: repository.path)
    _ = try await source.read(inForce: nil).formation()
  }

  @Test func `a damaged mirror is made anew`() async throws {
    let repository = try TestRepository()
    let address = "file://" + repository.path
    _ = try await repository.source(address).read(inForce: nil).formation()
    let mirrors = repository.folder + "/state/mirrors"
    var damaged = 0
    for name in FileManager.default.enumerator(atPath: mirrors)?.compactMap({ $0 as? String }) ?? []
    {
      guard name.contains("/objects/"), let last = name.split(separator: "/").last,
        last.count == 38 || last.hasSuffix(".pack")
      else { continue }
      let file = mirrors + "/" + name
      try FileManager.default.removeItem(atPath: file)
      try Data("nonsense".utf8).write(to: URL(filePath: file))
      damaged += 1
    }
    #expect(damaged > 0)
    _ = try await repository.source(address).read(inForce: nil).formation()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a remote that never answers ends in time and leaves no child behind`() async throws {
    let repository = try TestRepository()
    let listener = try SilentListener()
    let address = "https://127.0.0.1:\(listener.port)/repository-\(UUID().uuidString).git"
    let source = try repository.source(address, deadline: .seconds(1))
    let problem = try await source.read(inForce: nil).problem()
    #expect(problem.kind == .unreachable)
    #expect(await eventually { processes(mentioning: address).isEmpty })
  }

  @Test func `a cancelled read kills its child`() async throws {
    let repository = try TestRepository()
    let listener = try SilentListener()
    let address = "https://127.0.0.1:\(listener.port)/repository-\(UUID().uuidString).git"
    let source = try repository.source(address, deadline: .seconds(300))
    let reading = Task { await source.read(inForce: nil) }
    #expect(await eventually { !processes(mentioning: address).isEmpty })
    reading.cancel()
    #expect(try await reading.value.problem().kind == .unreachable)
    #expect(await eventually { processes(mentioning: address).isEmpty })
  }

  @Test func `a remote without a folder for mirrors says so`() async throws {
    let source = GitFormationSource(
      address: try GitAddress("https://example.com/x.git", relativeTo: "/"), ref: nil,
      environment: nil, mirrorFolder: nil, catalog: TestRepository.catalog)
    #expect(try await source.read(inForce: nil).problem().kind == .refusedAddress)
  }
}

/// Accepts connections on loopback and never says a word.
final class SilentListener: Sendable {
  let port: UInt16
  private let descriptor: Int32

  struct Failed: Error {}

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = self.descriptor
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        bind(descriptor, name, length) + listen(descriptor, 8)
          + getsockname(descriptor, name, &length)
      }
    }
    guard code == 0 else { throw Failed() }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}

/// Processes of which the command line holds a text.
func processes(mentioning text: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.filter { name in
    guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
    else { return false }
    return String(decoding: line, as: UTF8.self).contains(text)
  }
}

/// Whether the condition comes to hold within a generous deadline.
func eventually(_ condition: () -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(20)
  while ContinuousClock.now < deadline {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return false
}
