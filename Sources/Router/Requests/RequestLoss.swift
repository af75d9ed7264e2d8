// Requests that the log does not have: how many, when, and who lost them.

import FormationModel
import Foundation

/// Request lines that were lost in a span of time.
struct RequestLoss: Hashable, Sendable {
  /// Who lost them.
  enum Cause: String, Codable, Hashable, Sendable, CaseIterable {
    /// HAProxy could not hand them over: nobody took them fast enough.
    case handover
    /// Nobody listened: Muster was away. At most so many; HAProxy also counts admin connections.
    case away
    /// They came faster than they could be taken in.
    case backlog
    /// They could not be written: the disk is full, or broken.
    case storage
    /// Whoever follows the log was too slow: its segments were dropped before they were read. The
    /// number is not known.
    case reader
  }

  /// When it was noted: the end of the span.
  let at: LoopTime
  /// When the span began.
  let from: LoopTime
  /// How many lines.
  let count: Int
  /// Who lost them.
  let cause: Cause

  /// Makes a loss.
  init(_ cause: Cause, count: Int, from: LoopTime, at: LoopTime) {
    self.cause = cause
    self.count = count
    self.from = from
    self.at = at
  }

  /// The loss in one sentence.
  var words: String {
    let lines = count == 1 ? "1 request line" : "\(count) request lines"
    let span = "between \(Self.text(from)) and \(Self.text(at))"
    return switch cause {
    case .handover: "\(lines) \(were) dropped \(span): they came faster than they were taken"
    case .away: "up to \(lines) \(were) dropped \(span): nobody listened"
    case .backlog: "\(lines) \(were) dropped \(span): they came faster than they were read"
    case .storage: "\(lines) \(were) dropped \(span): they could not be written"
    case .reader: "request lines are missing \(span): they were dropped before they were read"
    }
  }

  private var were: String { count == 1 ? "was" : "were" }

  private static func text(_ time: LoopTime) -> String {
    // Milliseconds apart: a fraction of a second in binary may print as the one before.
    let (seconds, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 1000)
    let date = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    return "\(date.dropLast()).\(String(rest + 1000).dropFirst())Z"
  }
}
