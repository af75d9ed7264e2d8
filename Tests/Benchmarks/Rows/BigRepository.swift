// A repository of many apps, made by `git fast-import`, and more commits on top of it.

import Foundation

/// A repository of a thousand apps or so, in a folder of its own.
struct BigRepository {
  let folder: String
  let apps: Int
  private static let branch = "refs/heads/main"

  /// A repository of many small apps, each of which has one web dyno and one worker.
  init(apps: Int) throws {
    var files: [(path: String, text: String)] = []
    for number in 1...apps {
      files.append(("apps/\(Self.name(number))/app.yaml", Self.manifest(step: 1)))
      files.append(("apps/\(Self.name(number))/Procfile", Self.procfile))
    }
    try self.init(apps: apps, files)
  }

  /// A repository of one app that has many workers.
  init(dynos: Int) throws {
    let manifest = "stack: busybox\nformation: {worker: {quantity: \(dynos), size: standard-1x}}\n"
    try self.init(
      apps: 1,
      [("apps/many/app.yaml", manifest), ("apps/many/Procfile", "worker: exec sleep 1000\n")])
  }

  private init(apps: Int, _ files: [(path: String, text: String)]) throws {
    self.apps = apps
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("muster-bench-\(UUID().uuidString)").path
    try Self.git(["init", "--quiet", "--initial-branch=main", folder], input: nil)
    try importing(
      Self.commit("Every app", at: 1_700_000_000, from: nil)
        + files.map { Self.file($0.path, $0.text) }.joined())
    // One pack, as after a clone.
    try Self.git(["-C", folder, "gc", "--quiet"], input: nil)
  }

  /// Commits a change of one app's quantity.
  func change(app number: Int, step: Int) throws {
    let start = Self.commit("Change \(number)", at: 1_700_000_000 + step, from: Self.branch)
    try importing(
      start + Self.file("apps/\(Self.name(number))/app.yaml", Self.manifest(step: step)))
  }

  /// Removes the folder.
  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  static func name(_ number: Int) -> String { "app-\(number)" }

  private static func manifest(step: Int) -> String {
    """
    stack: busybox
    env:
      RACK_ENV: production
      LOG_LEVEL: info
      STEP: "\(step)"
      FEED_URL: https://feeds.example.com/v2/orders?since=yesterday
    formation:
      web:
        quantity: 1
        size: standard-1x
        healthcheck: {path: /healthz, interval: 2s, timeout: 2s}
      worker: {quantity: 1, size: standard-1x, min_healthy: 10s, stop_timeout: 30s}

    """
  }

  private static let procfile = "web: bin/serve --port $PORT\nworker: bin/work --all\n"

  private static func commit(_ message: String, at time: Int, from parent: String?) -> String {
    "commit \(branch)\ncommitter Ada <ada@example.com> \(time) +0000\n"
      + "data \(message.utf8.count)\n\(message)\n" + (parent.map { "from \($0)^0\n" } ?? "")
  }

  private static func file(_ path: String, _ text: String) -> String {
    "M 100644 inline \(path)\ndata \(text.utf8.count)\n\(text)\n"
  }

  private func importing(_ stream: String) throws {
    try Self.git(["-C", folder, "fast-import", "--quiet"], input: stream + "done\n")
  }

  private static func git(_ arguments: [String], input: String?) throws {
    try Program.run("/usr/bin/git", arguments, input: input)
  }
}
