// The files of the request log. They are numbered and never renamed: a number says which comes
// next, and a number that is missing says that something was dropped.

import FormationModel
import Glibc

/// How much of the request log is kept.
struct RequestLogPolicy: Hashable, Sendable {
  /// Bytes after which a new segment is begun.
  var segmentBytes = 8 << 20
  /// Segments that are kept, the one being written included.
  var segments = 3

  /// Makes the default policy: 24 MB, some 80 000 requests.
  init() {}
}

/// The folder with the segments: `0000000001.log`, …
struct RequestSegments: Sendable {
  let folder: String

  func path(_ number: Int) -> String {
    let digits = "\(number)"
    return "\(folder)/\(String(repeating: "0", count: max(0, 10 - digits.count)))\(digits).log"
  }

  /// The numbers of the segments, oldest first; none when there is no folder.
  func numbers() throws(EffectFailure) -> [Int] {
    guard let listing = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw .requestLog("cannot list \(folder)")
    }
    defer { closedir(listing) }
    var numbers: [Int] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      if name.hasSuffix(".log"), let number = Int(name.dropLast(4)), number > 0 {
        numbers.append(number)
      }
    }
    return numbers.sorted()
  }

  /// Bytes of an open segment; fewer at its end.
  static func read(_ file: Int32, from start: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let step = pread(
          file, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(start + filled))
        if step < 0 && errno == EINTR { continue }
        if step <= 0 { return }
        filled += step
      }
    }
  }

  /// Bytes of an open segment.
  static func size(_ file: Int32) -> Int {
    var status = stat()
    return fstat(file, &status) == 0 ? Int(status.st_size) : 0
  }
}

extension [UInt8] {
  /// The lines that have an end, without it.
  var wholeLines: [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    withUnsafeBytes { bytes in
      // `split` looks at each byte through a closure, and this runs for every request.
      while start < count, let base = bytes.baseAddress,
        let newline = memchr(base + start, 0x0A, count - start)
      {
        let end = UnsafeRawPointer(newline) - base
        lines.append(self[start..<end])
        start = end + 1
      }
    }
    return lines
  }
}
