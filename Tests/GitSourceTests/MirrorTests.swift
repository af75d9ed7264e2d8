// Mirrors as things that take space: what is removed, what packing keeps.

import Effects
import FormationModel
import Foundation
import GitSource
import Testing

@Suite struct MirrorTests {
  private func mirrors(_ repository: TestRepository) -> GitMirrors {
    GitMirrors(folder: repository.folder + "/state/mirrors")
  }

  @Test func `mirrors are listed by name, and removed whole`() async throws {
    let repository = try TestRepository()
    let mirrors = mirrors(repository)
    #expect(try await mirrors.inventory().isEmpty)
    let address = "file://" + repository.path
    _ = try await repository.source(address).read(inForce: nil).formation()
    let name = try #require(
      GitMirrors.name(of: GitAddress(address, relativeTo: repository.folder)))
    let items = try await mirrors.inventory()
    #expect(items.map(\.name) == [name])
    #expect(items.allSatisfy { $0.kind == .mirror && $0.bytes > 1_000 })
    for item in items { #expect(await mirrors.discard(item) == .done) }
    #expect(try await mirrors.inventory().isEmpty)
    // The next reading makes it anew.
    _ = try await repository.source(address).read(inForce: nil).formation()
  }

  @Test func `nothing else is removed`() async throws {
    let repository = try TestRepository()
    for name in ["../repository", "gitconfig", "", "..", "repository"] {
      for kind in [StoredKind.mirror, .leftover, .other] {
        let outcome = await mirrors(repository).discard(StoredItem(kind, name, bytes: 0))
        guard case .failed = outcome else { throw MirrorGone(name: name) }
      }
    }
    #expect(FileManager.default.fileExists(atPath: repository.path))
  }

  private struct MirrorGone: Error { let name: String }

  @Test func `packing keeps what the refs and the kept commits need, and drops the rest`()
    async throws
  {
    let repository = try TestRepository()
    let address = "file://" + repository.path
    let source = try repository.source(address)
    let name = try #require(
      GitMirrors.name(of: GitAddress(address, relativeTo: repository.folder)))
    var commits: [String] = []
    // A history that is pushed over again and again: each time the old commit loses its ref.
    for number in 1...4 {
      try repository.write("apps/shop/data", "\(number)" + String(repeating: "x", count: 5_000))
      try repository.git("add", ".")
      try repository.git("commit", "--quiet", "--amend", "--message", "Edition \(number)")
      _ = try await source.read(inForce: nil).formation()
      commits.append(try repository.git("rev-parse", "HEAD"))
    }
    let mirror = "\(repository.folder)/state/mirrors/\(name)"
    func has(_ commit: String) -> Bool {
      (try? repository.git("--git-dir=\(mirror)", "cat-file", "-e", commit)) != nil
    }
    #expect(commits.allSatisfy(has))
    let kept = RevisionID(rawValue: commits[1])
    let unknown = RevisionID(rawValue: String(repeating: "7", count: 40))
    let packing = await mirrors(repository).pack(
      name, keeping: [kept, unknown], free: .max, deadline: .seconds(60))
    guard case .freed = packing else { throw NotPacked(packing: packing) }
    #expect(commits.map(has) == [false, true, false, true])
    try repository.git("--git-dir=\(mirror)", "fsck", "--full", "--strict")
    #expect(
      await mirrors(repository).pack(name, keeping: [kept], free: .max) == .nothingToDo)
    // Still read, and still fetched into.
    try repository.write("apps/shop/data", "newer")
    try repository.git("add", ".")
    try repository.git("commit", "--quiet", "--message", "Newer")
    let sourced = try await source.read(inForce: nil).formation()
    #expect(sourced.formation.revision?.subject == "Newer")
  }

  private struct NotPacked: Error { let packing: MirrorPacking }

  @Test func `without space for a copy it is left as it is`() async throws {
    let repository = try TestRepository()
    let address = "file://" + repository.path
    _ = try await repository.source(address).read(inForce: nil).formation()
    let name = try #require(
      GitMirrors.name(of: GitAddress(address, relativeTo: repository.folder)))
    let packing = await mirrors(repository).pack(name, keeping: [], free: 0)
    if case .freed = packing { throw NotPacked(packing: packing) }
    _ = try await repository.source(address).read(inForce: nil).formation()
  }
}
