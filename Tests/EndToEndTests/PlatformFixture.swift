// A platform for one test: a repository and a state directory in a folder of their own, and the end
// of both, which leaves nothing on the machine whatever the test came to.

import Foundation
import Testing

/// A repository of manifests with a state directory.
final class PlatformFixture: Sendable {
  /// Holds the repository, the state and whatever else the test makes.
  let folder: String
  /// What runs the dynos.
  let runtime: String

  /// Where the executable is told that the repository is; nil: its folder.
  let remote: String?
  /// Where its router listens, an address with a port; nil: it has none.
  let router: String?

  var repository: String { folder + "/repo" }
  var state: String { folder + "/state" }
  var dynos: OwnDynos { OwnDynos(state: state) }

  /// Whether containers can be made here.
  static var hasContainers: Bool {
    geteuid() == 0
      && ["/usr/bin/crun", "/usr/sbin/runc", "/usr/bin/runc"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
      }
  }

  init(runtime: String = "embedded", isRemote: Bool = false, router: String? = nil) throws {
    self.runtime = runtime
    self.router = router
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    folder = "\(base)/muster-e2e-\(UUID().uuidString.prefix(8))"
    remote = isRemote ? "file://\(folder)/repo" : nil
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    try git("init", "-q", "-b", "main", repository, in: folder)
    try git("config", "user.name", "Ada")
    try git("config", "user.email", "ada@example.com")
  }

  // MARK: - The repository

  @discardableResult
  func git(_ arguments: String..., in folder: String? = nil) throws -> String {
    let answer = try MusterProgram.run(
      "/usr/bin/git", arguments, ["HOME": self.folder], in: folder ?? repository)
    try #require(answer.code == 0, "git \(arguments): \(answer)")
    return answer.output
  }

  /// Writes a file of the repository.
  func write(_ text: String, to path: String) throws {
    let url = URL(fileURLWithPath: "\(repository)/\(path)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  /// Removes a file or folder of the repository.
  func delete(_ path: String) throws {
    try FileManager.default.removeItem(atPath: "\(repository)/\(path)")
  }

  /// Commits everything.
  func commit(_ message: String = "Change") throws {
    try git("add", "-A")
    try git("commit", "-q", "--allow-empty", "-m", message)
  }

  /// Writes an app on busybox: a web dyno that serves its folder, a worker that ends when asked.
  func writeApp(_ name: String, greeting: String = "hello", web: Int = 1, worker: Int = 1) throws {
    try write(
      """
      web: exec httpd -f -p $PORT -h /app
      worker: trap 'exit 0' TERM; while true; do sleep 1 & wait $!; done

      """, to: "apps/\(name)/Procfile")
    try write(
      """
      stack: busybox
      env:
        GREETING: \(greeting)
      formation:
        web: {quantity: \(web), size: standard-1x}
        worker: {quantity: \(worker), size: standard-1x, min_healthy: 1s}

      """, to: "apps/\(name)/app.yaml")
  }

  // MARK: - The executable

  /// Runs the executable on this platform.
  @discardableResult
  func muster(
    _ arguments: String..., with variables: [String: String] = [:], input: String? = nil,
    limit: Double = 120
  ) throws -> MusterProgram.Answer {
    try MusterProgram.run(
      MusterProgram.path, arguments, self.variables.merging(variables) { _, new in new },
      in: folder, input: input, limit: limit)
  }

  /// What the executable is told.
  var variables: [String: String] {
    var variables = [
      "MUSTER_REPO": remote ?? repository, "MUSTER_STATE": state, "MUSTER_RUNTIME": runtime,
      "HOME": folder,
    ]
    if let router { variables["MUSTER_ROUTER"] = router }
    return variables
  }

  /// Reconciles, and expects it to converge.
  @discardableResult
  func converge(
    _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation
  ) throws -> MusterProgram.Answer {
    let answer = try muster("reconcile")
    try #require(
      answer.code == 0, "\(comment?.rawValue ?? "reconcile"): \(answer)", sourceLocation: location)
    return answer
  }

  /// The executable where nobody can reach it too, wherever this package lies.
  func programForNobody() throws -> String {
    let path = folder + "/muster"
    try FileManager.default.copyItem(
      at: URL(fileURLWithPath: MusterProgram.path).resolvingSymlinksInPath(),
      to: URL(fileURLWithPath: path))
    try #require(chmod(path, 0o755) == 0)
    return path
  }

  /// The dynos, as `ps` says.
  func ps() throws -> [ListedDyno] {
    let answer = try muster("ps", "--format", "json")
    let page = try? JSONDecoder().decode(ListedDyno.Page.self, from: Data(answer.output.utf8))
    return try #require(page, "\(answer)").dynos
  }

  /// Ends everything of this platform, and removes its folder.
  func tearDown() {
    dynos.sweep()
    try? FileManager.default.removeItem(atPath: folder)
  }
}

/// A dyno in `ps --format json`, without times and attempts.
struct ListedDyno: Hashable, Decodable {
  struct Page: Decodable { let dynos: [ListedDyno] }

  let app: String
  let name: String
  let state: String
  let size: String
  let command: String
  let release: Int
  let port: Int?
}
