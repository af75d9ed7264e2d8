// The executable as people run it: arguments and environment in, exit code and output out, always
// within a deadline.

import Foundation
import Testing

/// One way of running the executable.
struct MusterProgram {
  /// The executable: MUSTER_BINARY, or the one built beside these tests.
  static let path: String = {
    let named = ProcessInfo.processInfo.environment["MUSTER_BINARY"] ?? ""
    return named.isEmpty ? "\(Sandbox.repository)/.build/debug/muster" : named
  }()

  /// Whether there is an executable to test.
  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// What a run came to.
  struct Answer: CustomStringConvertible {
    /// The exit code; nil when a signal ended it.
    let code: Int32?
    /// The signal that ended it; nil when it exited.
    let signal: Int32?
    let output: String
    let errors: String

    /// Everything that it printed.
    var text: String { output + errors }

    var description: String {
      "exit \(code.map(String.init) ?? "by signal \(signal ?? 0)")\n\(text)"
    }
  }

  /// The variables that a run gets besides its own; nothing of the caller's.
  static let environment = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1",
    "MUSTER_SERVER_FILE": "/nonexistent/server.yaml",
    // Platforms side by side would want the same port; tests of the router name one of their own.
    "MUSTER_ROUTER": "off",
  ]

  /// Runs a program and waits for its end; killed after `limit` seconds. It reads `input`, or
  /// nothing.
  static func run(
    _ program: String, _ arguments: [String], _ variables: [String: String] = [:],
    in folder: String = "/", input: String? = nil, limit: Double = 120
  ) throws -> Answer {
    let running = try Running(program, arguments, variables, in: folder, input: input)
    return try running.wait(limit: limit)
  }
}

/// A program that was started.
final class Running {
  private let process = Process()
  private let files: String

  /// Its process id.
  var pid: Int32 { process.processIdentifier }

  /// Whether it has not ended yet.
  var isRunning: Bool { process.isRunning }

  /// What it has written so far.
  var output: String { text("out") }
  var errors: String { text("err") }

  /// Starts a program; its output goes to files, so that no full pipe ever holds it up.
  init(
    _ program: String, _ arguments: [String], _ variables: [String: String] = [:],
    in folder: String = "/", input: String? = nil
  ) throws {
    files = FileManager.default.temporaryDirectory.path + "/muster-run-\(UUID().uuidString)"
    for stream in ["out", "err"] {
      try Data().write(to: URL(fileURLWithPath: "\(files).\(stream)"))
    }
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = MusterProgram.environment.merging(variables) { _, new in new }
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = try input.map(Self.pipe) ?? FileHandle.nullDevice
    let base = URL(fileURLWithPath: files)
    process.standardOutput = try FileHandle(forWritingTo: base.appendingPathExtension("out"))
    process.standardError = try FileHandle(forWritingTo: base.appendingPathExtension("err"))
    try process.run()
  }

  /// A pipe with everything in it already: what is small enough for that needs no writer.
  private static func pipe(_ text: String) throws -> Pipe {
    try #require(text.utf8.count < 60_000)
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try pipe.fileHandleForWriting.close()
    return pipe
  }

  /// What it has written to standard output by now.
  var outputSoFar: String {
    (try? String(contentsOfFile: "\(files).out", encoding: .utf8)) ?? ""
  }

  /// Waits for its end; killed after `limit` seconds.
  func wait(limit: Double = 120) throws -> MusterProgram.Answer {
    defer {
      for stream in ["out", "err"] {
        try? FileManager.default.removeItem(atPath: "\(files).\(stream)")
      }
    }
    let pid = self.pid
    let alarm = DispatchWorkItem { kill(pid, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: alarm)
    process.waitUntilExit()
    alarm.cancel()
    let isExit = process.terminationReason == .exit
    return MusterProgram.Answer(
      code: isExit ? process.terminationStatus : nil,
      signal: isExit ? nil : process.terminationStatus, output: output, errors: errors)
  }

  private func text(_ stream: String) -> String {
    let data = FileManager.default.contents(atPath: "\(files).\(stream)") ?? Data()
    return String(bytes: data, encoding: .utf8) ?? "not UTF-8"
  }
}

/// Looks again and again until something holds; false when it does not within `seconds`.
func eventually(within seconds: Double = 30, _ holds: () throws -> Bool) rethrows -> Bool {
  let deadline = Date(timeIntervalSinceNow: seconds)
  repeat {
    if try holds() { return true }
    usleep(20_000)
  } while Date() < deadline
  return try holds()
}

/// Expects a condition to come.
func expectInTime(
  location: SourceLocation = #_sourceLocation, _ holds: () throws -> Bool
) rethrows {
  let isSo = try eventually(holds)
  #expect(isSo, sourceLocation: location)
}
