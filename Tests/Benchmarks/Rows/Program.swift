// Runs the programs that benchmarks need.

import Foundation

enum Program {
  /// What a program printed; throws when it did not end with 0. Its errors go to standard error.
  @discardableResult
  static func run(_ path: String, _ arguments: [String], input: String? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let (source, output) = (Pipe(), Pipe())
    process.standardInput = input == nil ? FileHandle.nullDevice : source
    process.standardOutput = output
    try process.run()
    if let input {
      try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try source.fileHandleForWriting.close()
    }
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Refusal(reason: "\(path) \(arguments.joined(separator: " ")) failed")
    }
    return String(decoding: printed, as: UTF8.self)
  }
}
