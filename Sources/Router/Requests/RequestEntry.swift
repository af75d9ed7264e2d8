// One line of the request log, and its form on disk: the time, a TAB, then HAProxy's line as it
// came. So one parser reads both, and what is known of codes tomorrow explains today's lines, too.

import FormationModel

/// What the request log holds.
enum RequestEntry: Hashable, Sendable {
  /// A finished request.
  case request(RequestRecord)
  /// Lines that are not there.
  case loss(RequestLoss)

  /// When it ended, or was noted.
  var at: LoopTime {
    switch self {
    case .request(let record): record.at
    case .loss(let loss): loss.at
    }
  }

  /// The app; nil for requests that no app has the host of, and for losses, which may be anyone's.
  var app: AppName? {
    switch self {
    case .request(let record): record.app
    case .loss: nil
    }
  }
}

extension RequestEntry {
  /// Reads a line of the log, without its end; nil when it is none.
  init?(stored line: ArraySlice<UInt8>) {
    guard let tab = line.firstIndex(of: UInt8(ascii: "\t")),
      let milliseconds = RequestField.number(line[..<tab])
    else { return nil }
    let at = LoopTime(milliseconds: Int64(milliseconds))
    let rest = line[(tab + 1)...]
    if let record = RequestRecord(rest, at: at) {
      self = .request(record)
    } else if let loss = RequestLoss(stored: rest, at: at) {
      self = .loss(loss)
    } else {
      return nil
    }
  }
}

extension RequestLoss {
  private static let mark = "l1"

  /// The line of the log, with its end.
  var stored: [UInt8] {
    let fields = [Self.mark, cause.rawValue, "\(count)", "\(from.milliseconds)"]
    return Array("\(at.milliseconds)\t\(fields.joined(separator: "\t"))\n".utf8)
  }

  fileprivate init?(stored line: ArraySlice<UInt8>, at: LoopTime) {
    let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    guard fields.count == 4, fields[0].elementsEqual(Self.mark.utf8),
      let cause = Cause(rawValue: String(decoding: fields[1], as: UTF8.self)),
      let count = RequestField.number(fields[2]), let from = RequestField.number(fields[3])
    else { return nil }
    self.init(cause, count: count, from: LoopTime(milliseconds: Int64(from)), at: at)
  }
}
