// Answers questions about logs: which instances' files, merged by time, read from their ends, so
// that the newest lines of gigabytes cost a few chunks.

import Effects
import FormationModel
import Glibc

/// Reads the lines that a query asks for.
struct LogReader: Sendable {
  /// Bytes of text in one answer; older lines are left out, and it is said.
  static let answerBytes = 64 << 20

  let folder: LogFolder
  /// Whether the instance is still there (running or a tombstone).
  let isPresent: @Sendable (InstanceID) -> Bool

  /// What a query comes to.
  struct Answer {
    /// The lines, oldest first.
    var lines: [LogLine]
    /// For each instance, where its newest file ended.
    var ends: [InstanceID: (inode: ino_t, offset: Int)]
  }

  /// The instances with output whose slots the query asks for, present or not.
  func covered(_ query: LogQuery) throws(EffectFailure) -> [InstanceID] {
    try folder.instances(of: query.app).filter { query.covers($0.slot) }
  }

  /// The lines. Those of one instance keep the order of its file, whatever the clock did.
  func read(_ query: LogQuery) throws(EffectFailure) -> Answer {
    let asked = try covered(query).filter { isPresent($0) != query.previous }
    var sources = asked.map { LogBackLines($0, LogBackReader(folder.files($0).reversed())) }
    var heads = sources.indices.map { sources[$0].next() }
    var ends: [InstanceID: (inode: ino_t, offset: Int)] = [:]
    for source in sources { ends[source.instance] = source.reader.end }
    var lines: [LogLine] = []
    var bytes = 0
    while lines.count < query.count {
      guard let next = LogReader.newest(heads, query.since), let line = heads[next] else { break }
      bytes += line.text.utf8.count
      guard bytes <= LogReader.answerBytes else {
        lines.append(
          line.notice("older lines are left out: the answer would exceed 64 MB; ask for fewer"))
        break
      }
      lines.append(line)
      heads[next] = sources[next].next()
      if heads[next] == nil, let notice = losses(of: sources[next], before: line) {
        lines.append(notice)
      }
    }
    return Answer(lines: lines.suffix(query.count).reversed(), ends: ends)
  }

  /// The source with the newest line; nil when all are read, or what is left is too old.
  private static func newest(_ heads: [LogLine?], _ since: LoopTime?) -> Int? {
    var best: Int?
    for (index, head) in heads.enumerated() {
      guard let head, since.map({ head.at >= $0 }) ?? true else { continue }
      // Of lines of one moment the later source's comes last.
      if best.flatMap({ heads[$0] }).map({ head.at >= $0.at }) ?? true { best = index }
    }
    return best
  }

  /// What to say before the oldest line that is kept; nil when nothing was dropped before it.
  private func losses(of source: LogBackLines, before line: LogLine) -> LogLine? {
    let losses = folder.losses(source.instance)
    if losses.lines > 0 {
      return line.notice("at least \(losses.lines) lines before this are no longer kept")
    }
    // A monitor that could not be told to set its file aside began a new one by itself. Its files
    // are made within moments of the start.
    guard let began = losses.since, let file = source.reader.oldestFile,
      let birth = LogFile.birth(file), birth - began > .seconds(60)
    else { return nil }
    return line.notice("lines before this are no longer kept")
  }
}

extension LogLine {
  /// What the runtime says about the output at this line's time.
  func notice(_ text: String) -> LogLine {
    LogLine(at: at, instance: instance, isError: false, text: text, isNotice: true)
  }
}
