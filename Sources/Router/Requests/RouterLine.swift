// A finished request in the form of Heroku's Router 2.0: what follows `heroku[router]: `. A
// record's texts are harmless in quotes; outside of them `=` is, too, once it is encoded.

import FormationModel

/// Renders requests and losses.
enum RouterLine {
  /// Who says these lines, where dynos have their name: `heroku[router]:`.
  static let dyno = "router"

  /// The line, without its end.
  static func text(_ entry: RequestEntry) -> String {
    switch entry {
    case .request(let record): text(record)
    case .loss(let loss): text(loss)
    }
  }

  /// `at=info method=GET path="/" host=… … protocol=http1.1 tls=false`; an error's code comes
  /// first. What is not known stays empty.
  static func text(_ record: RequestRecord) -> String {
    var keys: [String] = []
    if let code = record.code {
      if let socket = code.socket { keys.append("sock=\(socket)") }
      keys.append("at=\(code.level.rawValue) code=\(code.rawValue) desc=\"\(code.words)\"")
    } else {
      keys.append("at=info")
    }
    keys += [
      "method=\(bare(record.method))",
      "path=\"\(record.path)\"",
      "host=\(bare(record.host))",
      "request_id=\(bare(record.requestID))",
      "fwd=\"\(record.client)\"",
      "dyno=\(record.instance?.slot.dynoName ?? "")",
      "connect=\(span(record.connect))",
      "service=\(span(record.service))",
      "status=\(record.status.map(String.init) ?? "")",
      "bytes=\(record.bytes.map(String.init) ?? "")",
      "protocol=\(bare(record.version))",
      "tls=\(record.tls != nil)",
    ]
    if let tls = record.tls { keys.append("tls_version=\(bare(tls))") }
    return keys.joined(separator: " ")
  }

  /// `at=warning code=L13 desc="3 request lines were dropped between … and …" dropped=3`. Heroku's
  /// L13: local delivery lost messages.
  static func text(_ loss: RequestLoss) -> String {
    let count = loss.count > 0 ? "\(loss.count)" : ""
    return "at=warning code=L13 desc=\"\(loss.words)\" dropped=\(count)"
  }

  /// Outside of quotes only `=` is left that could begin another key.
  private static func bare(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "=")) else { return text }
    return text.split(separator: "=", omittingEmptySubsequences: false).joined(separator: "%3D")
  }

  private static func span(_ span: Duration?) -> String {
    span.map { "\($0.inMilliseconds)ms" } ?? ""
  }
}
