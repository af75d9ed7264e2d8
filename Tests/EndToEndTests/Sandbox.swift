// A folder of its own for scripts that use the executable as people do: a home, a state directory,
// the simulated runtime, and nothing of the caller's environment.

import Foundation
import Testing

/// A place to run scripts in.
struct Sandbox {
  /// The folder; scripts start in it.
  let folder: String

  /// Where the executable is: beside the test bundle.
  static let binaries: String = {
    let bundle = ProcessInfo.processInfo.arguments[0]
    return URL(fileURLWithPath: bundle).resolvingSymlinksInPath().deletingLastPathComponent().path
  }()

  /// The repository that this test belongs to.
  static let repository: String = {
    let here = URL(fileURLWithPath: #filePath)
    return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .path
  }()

  /// Whether the executable was built.
  static var hasExecutable: Bool {
    FileManager.default.isExecutableFile(atPath: "\(binaries)/muster")
  }

  init() throws {
    let base = FileManager.default.temporaryDirectory
    folder = base.appendingPathComponent("muster-sandbox-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// What a script came to.
  struct Answer {
    let status: Int32
    /// Standard output and standard error, as they came.
    let output: String
  }

  /// Runs a script by bash; it ends at the first command that fails, and after five minutes.
  func run(_ script: String, _ variables: [String: String] = [:]) throws -> Answer {
    let file = "\(folder)/script-\(UUID().uuidString).sh"
    let log = file + ".log"
    try script.write(toFile: file, atomically: true, encoding: .utf8)
    try Data().write(to: URL(fileURLWithPath: log))
    let output = try #require(FileHandle(forWritingAtPath: log))
    defer { try? output.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["300", "bash", "-euo", "pipefail", file]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment.merging(variables) { _, new in new }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOfFile: log, encoding: .utf8)
    return Answer(status: process.terminationStatus, output: text)
  }

  private var environment: [String: String] {
    [
      "PATH": "\(Self.binaries):/usr/local/bin:/usr/bin:/bin",
      "HOME": folder, "LC_ALL": "C.UTF-8", "TZ": "UTC",
      "GIT_CONFIG_NOSYSTEM": "1",
      "MUSTER_SERVER_FILE": "\(folder)/none.yaml",
      "MUSTER_STATE": "\(folder)/state", "MUSTER_RUNTIME": "simulated", "MUSTER_ROUTER": "off",
    ]
  }

  /// Removes the folder and everything in it.
  func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
