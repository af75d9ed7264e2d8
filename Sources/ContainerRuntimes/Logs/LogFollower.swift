// Follows logs: new lines of present instances, across rotation, and of instances that come later.

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
  }

  private static let step = 256 << 10

  private let reader: LogReader
  private let query: LogQuery
  private var positions: [InstanceID: Position] = [:]
  private var starts: [InstanceID: Int]

  /// Follows from the given offsets on; instances without one are read from their beginning.
  init(_ reader: LogReader, _ query: LogQuery, from starts: [InstanceID: Int]) {
    self.reader = reader
    self.query = query
    self.starts = starts
  }

  deinit { for position in positions.values { close(position.file) } }

  /// Lines that were written since the last call.
  func next() throws(EffectFailure) -> [LogLine] {
    let present = try reader.instances(query)
    var lines: [LogLine] = []
    for id in Set(present).union(positions.keys).sorted() { lines += advance(id) }
    for id in positions.keys where !present.contains(id) {
      if let position = positions.removeValue(forKey: id) { close(position.file) }
    }
    return lines.sorted { $0.at < $1.at }
  }

  private func advance(_ id: InstanceID) -> [LogLine] {
    guard var position = positions[id] ?? open(id) else { return [] }
    var lines = read(&position)
    // Rotated: what was open is at its end, the next file has another inode.
    if let status = Files.status(reader.folder.file(id)), status.st_ino != position.inode,
      var next = open(id)
    {
      next.parser = position.parser
      close(position.file)
      lines += read(&next)
      position = next
    }
    positions[id] = position
    return lines
  }

  private func open(_ id: InstanceID) -> Position? {
    let file = Glibc.open(reader.folder.file(id), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    var status = stat()
    fstat(file, &status)
    let start = starts.removeValue(forKey: id) ?? 0
    return Position(
      file: file, inode: status.st_ino, offset: start, parser: LogLineParser(id))
  }

  private func read(_ position: inout Position) -> [LogLine] {
    var lines: [LogLine] = []
    while true {
      let bytes = LogFile.read(position.file, from: position.offset, count: LogFollower.step)
      position.offset += bytes.count
      lines += position.parser.lines(bytes)
      if bytes.count < LogFollower.step { return lines }
    }
  }
}
