// Visitors of a router: they send bytes and read what comes.

import Dispatch
import FormationModel
import Foundation
import Glibc

/// Asks a router.
struct Visitor: Sendable {
  let place: Endpoint

  /// The whole answer to a GET; empty when the connection was closed without one.
  func get(_ host: String, _ path: String = "/", headers: [String] = []) async throws -> String {
    let lines = ["GET \(path) HTTP/1.1", "Host: \(host)", "Connection: close"] + headers
    return try await send(lines.joined(separator: "\r\n") + "\r\n\r\n")
  }

  /// The whole answer to these bytes.
  func send(_ text: String) async throws -> String {
    try await blocking {
      let connection = try Sockets.connect(place)
      defer { close(connection) }
      Sockets.send(connection, text)
      var answer: [UInt8] = []
      while let bytes = Sockets.receive(connection) { answer += bytes }
      return String(decoding: answer, as: UTF8.self)
    }
  }
}

extension String {
  /// The status of an answer; nil when it is none.
  var status: Int? { split(separator: " ").dropFirst().first.flatMap { Int($0) } }

  /// What follows the head.
  var body: String { firstRange(of: "\r\n\r\n").map { String(self[$0.upperBound...]) } ?? "" }
}

/// Runs what blocks outside of the threads that tasks share.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value
{
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
  }
}

/// What a program printed, both ways, and how it ended.
func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
  try await blocking {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    var environment = ProcessInfo.processInfo.environment
    environment["PATH", default: ""] += ":/usr/sbin"
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}

/// Waits until it is true; false when it is not by the deadline.
func eventually(
  within span: Duration = .seconds(15), _ condition: () async throws -> Bool
) async rethrows -> Bool {
  let deadline = ContinuousClock.now + span
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return try await condition()
}
