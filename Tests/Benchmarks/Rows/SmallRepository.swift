// A repository of one app whose quantity changes from commit to commit.

import Foundation

/// One worker app on busybox.
struct SmallRepository {
  let folder: String

  init(folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(
      atPath: folder + "/apps/crowd", withIntermediateDirectories: true)
    _ = try Shell.git(["init", "--quiet", "--initial-branch=main", folder])
    try "worker: exec sleep 100000\n".write(
      toFile: folder + "/apps/crowd/Procfile", atomically: true, encoding: .utf8)
  }

  /// Commits the quantity.
  func commit(quantity: Int) throws {
    let manifest = """
      stack: busybox
      formation:
        worker: {quantity: \(quantity), size: standard-1x, min_healthy: 1s, stop_timeout: 5s}

      """
    try manifest.write(
      toFile: folder + "/apps/crowd/app.yaml", atomically: true, encoding: .utf8)
    _ = try Shell.git(["-C", folder, "add", "--all"])
    _ = try Shell.git([
      "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet",
      "--allow-empty", "--message", "\(quantity) dynos",
    ])
  }
}
