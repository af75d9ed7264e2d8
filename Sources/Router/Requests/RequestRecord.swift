// One finished request as HAProxy tells it. Reading never fails on what a client sent: what is not
// understood is unknown.

import FormationModel

/// A finished request. Every text in it is printable ASCII without quotes, backslashes and spaces.
struct RequestRecord: Hashable, Sendable {
  /// Bytes of one line with its end; HAProxy cuts longer ones off. Up to here Linux writes a line
  /// to a pipe as a whole or not at all (PIPE_BUF), whoever else writes.
  static let longestLine = 4 << 10

  /// When its line came, which is when it ended.
  let at: LoopTime
  /// When the router began to wait for it: on a kept connection, the end of the request before.
  let accepted: LoopTime
  /// The app; nil when no app has the host.
  let app: AppName?
  /// HAProxy's name of the dyno that it went to; empty when it went to none.
  let server: String
  /// What the router itself said about it; nil when it just handed it on.
  let verdict: HerokuCode?
  /// How it ended, HAProxy's two letters: `--`, `sH`.
  let termination: String
  /// The status that HAProxy noted; nil when it sent none.
  let notedStatus: Int?
  /// The method.
  let method: String
  /// The path with its query.
  let path: String
  /// The host that was asked for; empty when not known.
  let host: String
  /// The request's id; empty when not known.
  let requestID: String
  /// The client's address; empty when not known.
  let client: String
  /// How long it waited for a dyno to be free.
  let queue: Duration?
  /// How long the connection to the dyno took.
  let connect: Duration?
  /// From there to the head of the dyno's answer.
  let response: Duration?
  /// From its first byte to the last one of the answer.
  let total: Duration?
  /// Bytes sent to the client.
  let bytes: Int?
  /// `http1.1`; empty when not known.
  let version: String
  /// `tls1.3`; nil without TLS.
  let tls: String?
  /// How often a connection to a dyno was tried again.
  let retries: Int?
  /// HAProxy's count of requests and admin connections when this one began.
  let counter: Int?
  /// The process of HAProxy.
  let process: Int32?
}

extension RequestRecord {
  /// The path is the last one: a line that was too long breaks off there, and half a path helps.
  private static let fieldCount = 23
  private static let mark = Array("m2\t".utf8)

  /// When the request of a line ended, by HAProxy's clock; nil when the line does not say.
  static func end(_ line: ArraySlice<UInt8>) -> LoopTime? {
    guard let body = body(line) else { return nil }
    let fields = RequestFields(body, limit: 3)
    guard let accepted = RequestField.time(fields[1]), let span = RequestField.number(fields[2])
    else { return nil }
    return LoopTime(milliseconds: accepted.milliseconds + Int64(span))
  }

  /// Reads a line of HAProxy's, or of the log; nil when it is no request.
  init?(_ line: ArraySlice<UInt8>, at: LoopTime) {
    guard line.count <= Self.longestLine, let body = Self.body(line) else { return nil }
    let fields = RequestFields(body, limit: Self.fieldCount)
    guard fields.count == Self.fieldCount, let accepted = RequestField.time(fields[1]) else {
      return nil
    }
    func text(_ index: Int, _ limit: Int) -> String {
      RequestField.text(fields[index], limit: limit)
    }
    func span(_ index: Int) -> Duration? {
      RequestField.number(fields[index]).map { .milliseconds($0) }
    }
    let backend = text(3, 64)
    self.at = at
    self.accepted = accepted
    app = backend.hasPrefix("app.") ? AppName(rawValue: String(backend.dropFirst(4))) : nil
    server = fields[4].first == UInt8(ascii: "<") ? "" : text(4, 256)
    verdict = fields[5].count == 3 ? HerokuCode(rawValue: text(5, 3)) : nil
    termination = text(6, 2)
    notedStatus = RequestField.number(fields[7]).flatMap { (100...999).contains($0) ? $0 : nil }
    method = text(8, 128)
    host = text(9, 256)
    requestID = text(10, 200)
    client = text(11, 64)
    queue = span(12)
    connect = span(13)
    response = span(14)
    total = span(15)
    bytes = RequestField.number(fields[16])
    version = Self.version(text(17, 16))
    tls = Self.tls(text(18, 16))
    retries = RequestField.number(fields[19])
    counter = RequestField.number(fields[20])
    process = RequestField.number(fields[21]).flatMap { Int32(exactly: $0) }
    path = text(22, Self.longestLine)
  }

  /// The dyno's instance; nil when it went to none, or to one whose name says nothing.
  var instance: InstanceID? { server.isEmpty ? nil : InstanceID(server) }

  /// The line from its mark on, without the syslog header that may come first.
  private static func body(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if line.starts(with: mark) { return line }
    guard line.first == UInt8(ascii: "<") else { return nil }
    for start in line.indices.prefix(256).dropFirst()
    where line[start - 1] == UInt8(ascii: " ") && line[start...].starts(with: mark) {
      return line[start...]
    }
    return nil
  }

  /// `http1.1` of `HTTP/1.1`.
  private static func version(_ text: String) -> String {
    text == "HTTP/1.1" ? "http1.1" : text.lowercased().filter { $0 != "/" }
  }

  /// `tls1.3` of `TLSv1.3`; nil when it is empty.
  private static func tls(_ text: String) -> String? {
    if text.isEmpty { return nil }
    return text == "TLSv1.3" ? "tls1.3" : text.lowercased().filter { $0 != "v" }
  }
}
