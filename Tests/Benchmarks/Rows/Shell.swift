// Programs that benchmarks start: git, and the baseline's script.

import Foundation

enum Shell {
  /// Runs git; throws when it fails.
  static func git(_ arguments: [String], input: String? = nil) throws -> String {
    try run("/usr/bin/git", arguments, input: input)
  }

  /// Runs a program; its standard output. Throws when it fails.
  static func run(_ program: String, _ arguments: [String], input: String? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let (from, to) = (Pipe(), Pipe())
    process.standardOutput = from
    if input == nil {
      process.standardInput = FileHandle.nullDevice
    } else {
      process.standardInput = to
    }
    try process.run()
    if let input {
      try to.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try to.fileHandleForWriting.close()
    }
    let output = try from.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Refusal(reason: "\(program) \(arguments.joined(separator: " ")) failed")
    }
    return String(decoding: output, as: UTF8.self)
  }
}
