// Follows logs: new lines of present instances, across rotation, and of instances that come later.
// An instance that has ended is read to its end before it is let go.

import Effects
import FormationModel
import Glibc

/// New lines since the last look.
final class LogFollower {
  private struct Position {
    var file: Int32
    var inode: ino_t
    var offset: Int
    var parser: LogLineParser
    /// Whether the last look came to the end of what there is.
    var isDrained = false
  }

  /// Bytes of one instance that one look reads: what is behind is read by the next ones.
  private static let step = 1 << 20

  private let reader: LogReader
  private let query: LogQuery
  private var positions: [InstanceID: Position] = [:]
  /// Instances that are followed from an offset, and 0 for those that were read to no end.
  private var starts: [InstanceID: (inode: ino_t, offset: Int)]
  /// Instances whose output was there before, and those that are done with.
  private var finished: Set<InstanceID>

  /// Follows from what an answer ended with; instances that come later are read from their
  /// beginning.
  init(
    _ reader: LogReader, _ query: LogQuery, from starts: [InstanceID: (inode: ino_t, offset: Int)]
  ) throws(EffectFailure) {
    self.reader = reader
    self.query = query
    self.starts = starts
    finished = Set(try reader.covered(query).filter { starts[$0] == nil && !reader.isPresent($0) })
  }

  deinit { for position in positions.values { close(position.file) } }

  /// Lines that were written since the last call, in order of time.
  func next() throws(EffectFailure) -> [LogLine] {
    // Whoever is gone by now has written everything before it is read.
    var lines: [LogLine] = []
    let ids = try reader.covered(query).filter { !finished.contains($0) }
    let gone = Set(ids).union(positions.keys).filter { !reader.isPresent($0) }
    for id in Set(ids).union(positions.keys).sorted() { lines += advance(id) }
    for id in gone where positions[id]?.isDrained ?? !Files.exists(reader.folder.file(id)) {
      if var position = positions.removeValue(forKey: id) {
        lines += position.parser.unfinished()
        close(position.file)
      }
      finished.insert(id)
    }
    return lines.enumerated()
      .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  private func advance(_ id: InstanceID) -> [LogLine] {
    guard var position = positions[id] ?? begin(id) else { return [] }
    var budget = LogFollower.step
    var lines = read(&position, &budget)
    while position.isDrained, let next = successor(of: position, id) {
      close(position.file)
      var parser = position.parser
      if next.isGap, let last = lines.last {
        lines.append(last.notice("lines may be missing here: they came faster than they were read"))
        _ = parser.unfinished()
      }
      position = next.position
      position.parser = parser
      lines += read(&position, &budget)
    }
    positions[id] = position
    return lines
  }

  /// Where to begin: behind what was read already, else at the oldest line that is kept.
  private func begin(_ id: InstanceID) -> Position? {
    let start = starts.removeValue(forKey: id)
    let files = reader.folder.files(id)
    guard let start else { return oldest(of: files, id) }
    for path in files.reversed() {
      guard var position = open(path, id) else { continue }
      if position.inode == start.inode {
        position.offset = start.offset
        return position
      }
      close(position.file)
    }
    return oldest(of: files, id)
  }

  private func oldest(of files: [String], _ id: InstanceID) -> Position? {
    for path in files {
      if let position = open(path, id) { return position }
    }
    return nil
  }

  /// The file after the one that was read to its end; nil when that is the newest. `isGap`: files
  /// in between may have been dropped.
  private func successor(
    of position: Position, _ id: InstanceID
  ) -> (position: Position, isGap: Bool)? {
    let files = reader.folder.files(id).compactMap { path in
      Files.status(path).map { (path: path, inode: $0.st_ino) }
    }
    guard let newest = files.last, newest.inode != position.inode else { return nil }
    let place = files.firstIndex { $0.inode == position.inode }
    // Fallen out of the row: the oldest that is left comes next.
    let next = place.map { $0 + 1 } ?? 0
    guard files.indices.contains(next), let opened = open(files[next].path, id) else { return nil }
    return (opened, place == nil && files.count > 1)
  }

  private func open(_ path: String, _ id: InstanceID) -> Position? {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    var status = stat()
    fstat(file, &status)
    return Position(file: file, inode: status.st_ino, offset: 0, parser: LogLineParser(id))
  }

  /// Reads on, within the budget.
  private func read(_ position: inout Position, _ budget: inout Int) -> [LogLine] {
    position.isDrained = false
    guard budget > 0 else { return [] }
    let bytes = LogFile.read(position.file, from: position.offset, count: budget)
    position.offset += bytes.count
    position.isDrained = bytes.count < budget
    budget -= bytes.count
    return position.parser.lines(bytes)
  }
}
