// The daemon's own log: constant messages, what varies beside them, one line each on standard
// error. Text for people, JSON for programs; journald takes either.

import FormationModel
import Foundation
import Logging
import Review
import Synchronization

/// Writes log lines as text or as JSON objects.
struct DaemonLog: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  let isJSON: Bool
  /// Whether lines carry their time: a service manager that keeps them adds it itself.
  let showsTime: Bool

  init(label: String, level: Logger.Level, isJSON: Bool, showsTime: Bool) {
    logLevel = level
    self.isJSON = isJSON
    self.showsTime = showsTime
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    let fields = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    let line =
      isJSON
      ? json(event.level, "\(event.message)", fields)
      : text(event.level, "\(event.message)", fields)
    // The log's reader may be gone or its disk full: the formation comes first.
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  private func text(
    _ level: Logger.Level, _ message: String, _ fields: [(String, String)]
  ) -> String {
    let time = showsTime ? TimeText.json(WallClock.now()) + " " : ""
    let rest = fields.map { key, value in "\(key)=\(Self.quoted(value))" }
    return time + ([level.rawValue, message] + rest).joined(separator: " ")
  }

  private func json(
    _ level: Logger.Level, _ message: String, _ fields: [(String, String)]
  ) -> String {
    let head: [JSONValue.Member] = [
      .init("at", .string(TimeText.json(WallClock.now()))),
      .init("level", .string(level.rawValue)), .init("message", .string(message)),
    ]
    return JSONValue.object(head + fields.map { .init($0.0, .string($0.1)) }).line
  }

  /// A value on one line, in quotes where it would not end where it ends.
  private static func quoted(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3d && $0 != 0x7f }
    if isPlain && !value.isEmpty { return value }
    return JSONValue.string(value).line
  }
}
