// The request log as its readers have it: the newest lines, and following. It needs nothing but the
// files, so that it also works while no Muster runs.

import Effects
import FormationModel

/// Reads the request log.
struct RequestLog: Sendable {
  let segments: RequestSegments

  /// The log of a router; it need not exist.
  init(_ folder: RouterFolder) {
    segments = RequestSegments(folder: "\(folder.state)/requests")
  }

  /// The newest entries that the query asks for, oldest first. `previous` means nothing here.
  /// Throws when the folder is there and cannot be read.
  func entries(_ query: LogQuery) throws(EffectFailure) -> [RequestEntry] {
    try answer(query).entries
  }

  /// What came before, oldest first, and a follower of what comes: for whoever has a pace of its
  /// own.
  func following(
    _ query: LogQuery
  ) throws(EffectFailure) -> (entries: [RequestEntry], follower: RequestFollower) {
    let answer = try answer(query)
    return (answer.entries, RequestFollower(segments, query, from: answer.end))
  }

  private func answer(
    _ query: LogQuery
  ) throws(EffectFailure) -> (entries: [RequestEntry], end: RequestPosition?) {
    var reader = try RequestBackReader(segments)
    var newestFirst: [RequestEntry] = []
    while newestFirst.count < query.count, let block = reader.next() {
      var end = block.endIndex
      while end > block.startIndex, newestFirst.count < query.count {
        let start = block[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
        let line = block[(start ?? block.startIndex)..<(end - 1)]
        end = line.startIndex
        guard query.mayCover(line), let entry = RequestEntry(stored: line) else { continue }
        if let since = query.since, entry.at < since {
          return (newestFirst.reversed(), reader.end)
        }
        if query.covers(entry) { newestFirst.append(entry) }
      }
    }
    return (newestFirst.reversed(), reader.end)
  }
}

extension LogQuery {
  /// Whether it asks for an entry. A loss may be of any app, and of any of its web dynos.
  func covers(_ entry: RequestEntry) -> Bool {
    if let since, entry.at < since { return false }
    switch entry {
    case .loss: return process == nil || process == .web
    case .request(let record):
      guard app == nil || app == record.app else { return false }
      if process == nil && ordinal == nil { return true }
      return record.instance.map { covers($0.slot) } ?? false
    }
  }

  /// Whether a line may be asked for, by a look that is cheaper than reading it: one app's lines
  /// among many.
  fileprivate func mayCover(_ line: ArraySlice<UInt8>) -> Bool {
    guard let app else { return true }
    // time, m2, accepted, span, backend
    let fields = line.split(
      separator: UInt8(ascii: "\t"), maxSplits: 5, omittingEmptySubsequences: false)
    guard fields.count > 5, fields[1].elementsEqual("m2".utf8) else { return true }
    return fields[4].elementsEqual("app.\(app.rawValue)".utf8)
  }
}
