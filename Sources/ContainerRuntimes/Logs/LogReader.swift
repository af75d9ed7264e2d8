// Answers questions about logs: which instances' files, merged by time.

import Effects
import FormationModel

/// Reads the lines that a query asks for.
struct LogReader: Sendable {
  let folder: LogFolder
  /// Whether the instance is still there (running or a tombstone).
  let isPresent: @Sendable (InstanceID) -> Bool

  /// The instances whose output the query asks for.
  func instances(_ query: LogQuery) throws(EffectFailure) -> [InstanceID] {
    try folder.instances(of: query.app).filter { id in
      (query.process == nil || query.process == id.slot.process)
        && (query.ordinal == nil || query.ordinal == id.slot.ordinal)
        && isPresent(id) != query.previous
    }
  }

  /// The lines, oldest first, and for each instance the offset behind what was read.
  func read(
    _ query: LogQuery
  ) throws(EffectFailure) -> (lines: [LogLine], ends: [InstanceID: Int]) {
    var all: [LogLine] = []
    var ends: [InstanceID: Int] = [:]
    for id in try instances(query) {
      var lines: [LogLine] = []
      for file in folder.files(id).reversed() where lines.count < query.count {
        let part = try LogFile.tail(file, of: id, count: query.count - lines.count)
        lines = part.lines + lines
        if ends[id] == nil { ends[id] = part.end }
      }
      all += lines
    }
    if let since = query.since { all.removeAll { $0.at < since } }
    // The order within an instance is the file's, whatever the clock did.
    let sorted = all.enumerated().sorted {
      ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
    }
    return (sorted.suffix(query.count).map(\.element), ends)
  }
}
