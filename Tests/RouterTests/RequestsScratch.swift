// What tests of the request log need: a folder of their own, lines as HAProxy writes them, a sender
// that never waits, as HAProxy does not.

import FormationModel
import Foundation
import Glibc
import Testing

@testable import Router

/// A router's folders, removed when it goes.
final class RequestsScratch: Sendable {
  let path = "/tmp/muster-requests-\(UUID().uuidString.prefix(8))"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var folder: RouterFolder { RouterFolder(state: "\(path)/state", run: path) }
  var log: RequestLog { RequestLog(folder) }
  var segments: RequestSegments { log.segments }

  func collector(
    policy: RequestLogPolicy = RequestLogPolicy(), backlog: Int = RequestCollector.backlogBytes
  ) throws -> RequestCollector {
    try RequestCollector(folder, policy, backlogBytes: backlog)
  }

  /// A writer into the folder; segments of so many bytes.
  func writer(bytes: Int = 8 << 20, segments count: Int = 3) -> RequestLogWriter {
    mkdir(folder.state, 0o700)
    var policy = RequestLogPolicy()
    policy.segmentBytes = bytes
    policy.segments = count
    return RequestLogWriter(segments, policy)
  }

  /// The numbers of the segments that are there.
  func numbers() throws -> [Int] { try segments.numbers() }
}

/// The fields of one line.
struct RequestsLine {
  var accepted = "1800000000.123"
  var span = "40"
  var backend = "app.shop"
  var server = "shop.web.1.v7.3"
  var verdict = "-"
  var termination = "--"
  var status = "200"
  var method = "GET"
  var path = "/"
  var host = "shop.localhost"
  var id = "U"
  var client = "10.0.0.7"
  var queue = "0"
  var connect = "1"
  var response = "20"
  var total = "40"
  var bytes = "915"
  var version = "HTTP/1.1"
  var tls = "-"
  var retries = "0"
  var counter = "1"
  var process = "77"

  var text: String {
    [
      "m2", accepted, span, backend, server, verdict, termination, status, method, host, id, client,
      queue, connect, response, total, bytes, version, tls, retries, counter, process, path,
    ].joined(separator: "\t")
  }

  var bytesOfLine: [UInt8] { Array(text.utf8) }

  /// The line of the log, with its end.
  func stored(at milliseconds: Int) -> [UInt8] { Array("\(milliseconds)\t\(text)\n".utf8) }

  func record(at milliseconds: Int64 = 1_800_000_000_163) throws -> RequestRecord {
    try #require(RequestRecord(bytesOfLine[...], at: LoopTime(milliseconds: milliseconds)))
  }

  /// Makes a line, changed.
  static func with(_ change: (inout RequestsLine) -> Void) -> RequestsLine {
    var line = RequestsLine()
    change(&line)
    return line
  }

  /// Lines that tell each other apart by their path.
  static func numbered(_ number: Int, app: String = "shop", web: Int = 1) -> RequestsLine {
    with {
      $0.path = "/\(number)"
      $0.backend = "app.\(app)"
      $0.server = "\(app).web.\(web).v7.3"
    }
  }
}

/// Tells as HAProxy does: without waiting, counting what found no room.
final class RequestsSender {
  private let pipe: RequestPipe
  private(set) var sent = 0
  private(set) var dropped = 0

  init(to folder: RouterFolder) throws { pipe = try RequestPipe(folder.requests) }

  /// Tells a line, which gets its end here.
  func send(_ line: [UInt8]) {
    let whole = line + [UInt8(ascii: "\n")]
    if write(pipe.descriptor, whole, whole.count) == whole.count { sent += 1 } else { dropped += 1 }
  }
}

/// Waits until something is so, and fails if it is not in time.
func expectSoon(
  _ what: Comment, within seconds: Int = 30, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(5))
  }
  Issue.record(what, sourceLocation: sourceLocation)
}

extension RequestLogWriter {
  /// Appends, and expects to succeed.
  mutating func put(_ lines: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
    let isWritten = append(lines)
    #expect(isWritten, sourceLocation: sourceLocation)
  }
}

extension RequestEntry {
  /// The path of a request; nil of a loss.
  var path: String? {
    if case .request(let record) = self { record.path } else { nil }
  }

  /// The loss; nil of a request.
  var loss: RequestLoss? {
    if case .loss(let loss) = self { loss } else { nil }
  }
}
