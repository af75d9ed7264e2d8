// Reads the newest lines of a log file without reading all of it.

import Effects
import FormationModel
import Glibc

/// One file that a monitor writes, or has written.
enum LogFile {
  private static let firstStep = 64 << 10

  /// The newest lines, oldest first, at most `count`; empty when there is no such file. `end` is
  /// the offset behind the last byte that was read.
  static func tail(
    _ path: String, of instance: InstanceID, count: Int
  ) throws(EffectFailure) -> (lines: [LogLine], end: Int) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return ([], 0) }
      throw .lastError("cannot open \(path)")
    }
    defer { close(file) }
    let size = Int(lseek(file, 0, SEEK_END))
    var step = firstStep
    while true {
      let start = max(0, size - step)
      var bytes = read(file, from: start, count: size - start)[...]
      // The first record is cut unless the file begins with it.
      if start > 0 { bytes = bytes.drop { $0 != UInt8(ascii: "\n") }.dropFirst() }
      var parser = LogLineParser(instance)
      let lines = parser.lines(bytes) + parser.unfinished()
      // One more than asked for, since the first may be the second half of a longer one.
      if lines.count > count || start == 0 { return (lines.suffix(count), size) }
      step *= 4
    }
  }

  /// Bytes of an open file; fewer at its end.
  static func read(_ file: Int32, from start: Int, count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let step = bytes.withUnsafeMutableBytes {
        pread(file, $0.baseAddress?.advanced(by: filled), count - filled, off_t(start + filled))
      }
      if step < 0 && errno == EINTR { continue }
      if step <= 0 { break }
      filled += step
    }
    bytes.removeLast(count - filled)
    return bytes
  }
}
