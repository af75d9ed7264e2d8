// One log file: reading parts of it, counting its lines, telling its age.

import CLinux
import FormationModel
import Glibc

/// One file that a monitor writes, or has written.
enum LogFile {
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

  /// How many lines a file has; 0 when there is none.
  static func countLines(_ path: String) -> Int {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var count = 0
    var offset = 0
    while true {
      let bytes = read(file, from: offset, count: 1 << 20)
      if bytes.isEmpty { return count }
      count += bytes.count { $0 == UInt8(ascii: "\n") }
      offset += bytes.count
    }
  }

  /// When a file was made; nil when its file system does not say.
  static func birth(_ path: String) -> LoopTime? {
    let milliseconds = muster_birth_milliseconds(path)
    return milliseconds > 0 ? LoopTime(milliseconds: milliseconds) : nil
  }
}
