// Reads the output of one instance from its end, record by record, through the files that were set
// aside. It holds one chunk of a file at a time, and no descriptor between two chunks.

import FormationModel
import Glibc

/// The records of one instance, newest first.
struct LogBackReader {
  private static let firstStep = 8 << 10
  private static let largestStep = 256 << 10

  private let files: [String]
  private var opened: Set<ino_t> = []
  private var inode: ino_t?
  /// Where in the file the buffer begins.
  private var start = 0
  /// Bytes that were read: whole records, the oldest one perhaps cut.
  private var buffer: [UInt8] = []
  /// How many of them were not given yet. The rest is not cut off before the next chunk is read:
  /// what was given shares the buffer, and cutting would copy it each time.
  private var left = 0
  private var step = LogBackReader.firstStep

  /// The path of the oldest file that was read.
  private(set) var oldestFile: String?
  /// Where the newest file ended, behind its last whole record; nil before anything was read.
  private(set) var end: (inode: ino_t, offset: Int)?
  /// Bytes given so far.
  private(set) var consumed = 0

  /// Reads these files, the newest first.
  init(_ files: [String]) { self.files = files }

  /// The next older record, without its line end; nil when there is none.
  mutating func next() -> ArraySlice<UInt8>? {
    while true {
      if left > 0 {
        let whole = buffer[..<(left - 1)]
        if let newline = whole.lastIndex(of: UInt8(ascii: "\n")) {
          return take(whole[(newline + 1)...])
        }
        if start == 0 { return take(whole) }
        // No monitor writes such a record: the file is damaged there.
        if left > 2 * LogRecord.longestLine { left = 0 }
      }
      if start > 0 { load() } else if !openNext() { return nil }
    }
  }

  private mutating func take(_ record: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    left = record.startIndex
    consumed += record.count + 1
    return record
  }

  /// Reads the chunk before the buffer.
  private mutating func load() {
    let from = max(0, start - step)
    step = min(2 * step, LogBackReader.largestStep)
    let chunk = read(from: from, count: start - from)
    // Dropped meanwhile: what is left of it is gone.
    guard chunk.count == start - from else {
      start = 0
      left = 0
      return
    }
    start = from
    buffer = chunk + buffer[..<left]
    // At a file's end a record may be half written: it belongs to whoever follows.
    left = (buffer.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    if end == nil, let inode, start == 0 || left > 0 { end = (inode, start + left) }
  }

  /// Goes on to the newest file that was not read yet. Files may be set aside meanwhile: they keep
  /// their inode under another name.
  private mutating func openNext() -> Bool {
    for path in files {
      guard let status = Files.status(path), opened.insert(status.st_ino).inserted else { continue }
      inode = status.st_ino
      start = Int(status.st_size)
      step = LogBackReader.firstStep
      oldestFile = path
      if start == 0 && end == nil { end = (status.st_ino, 0) }
      return true
    }
    return false
  }

  private func read(from: Int, count: Int) -> [UInt8] {
    for path in files {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { continue }
      defer { close(file) }
      var status = stat()
      guard fstat(file, &status) == 0, status.st_ino == inode else { continue }
      return LogFile.read(file, from: from, count: count)
    }
    return []
  }
}
