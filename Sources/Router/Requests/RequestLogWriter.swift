// Appends to the request log: whole lines or nothing. There is one writer at a time, whoever holds
// the state directory.

import FormationModel
import Glibc

/// Writes segments.
struct RequestLogWriter: ~Copyable {
  private let segments: RequestSegments
  private let policy: RequestLogPolicy
  private var file: Int32 = -1
  private var number = 0
  /// Bytes of whole lines in the segment.
  private var size = 0

  init(_ segments: RequestSegments, _ policy: RequestLogPolicy) {
    self.segments = segments
    self.policy = policy
  }

  deinit { if file >= 0 { close(file) } }

  /// Appends lines. False: none of them is in the log, because the disk is full or broken.
  mutating func append(_ lines: [UInt8]) -> Bool {
    guard !lines.isEmpty else { return true }
    guard prepare(for: lines.count) else { return false }
    var written = 0
    while written < lines.count {
      let step = lines[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if step < 0 && errno == EINTR { continue }
      guard step > 0 else {
        // Half a batch would end in half a line.
        _ = ftruncate(file, off_t(size))
        return false
      }
      written += step
    }
    size += lines.count
    return true
  }

  /// Whether there is a segment with room.
  private mutating func prepare(for count: Int) -> Bool {
    if file >= 0, isRemoved { release() }
    if file < 0, !open(max(1, (try? segments.numbers().last) ?? 1)) { return false }
    if size == 0 || size + count <= policy.segmentBytes { return true }
    guard open(number + 1) else { return false }
    prune()
    return true
  }

  /// Whether somebody removed the segment: what is written to it would be lost without a word.
  private var isRemoved: Bool {
    var status = stat()
    return fstat(file, &status) != 0 || status.st_nlink == 0
  }

  private mutating func open(_ number: Int) -> Bool {
    mkdir(segments.folder, 0o700)
    let path = segments.path(number)
    let opened = Glibc.open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard opened >= 0 else { return false }
    release()
    (file, self.number, size) = (opened, number, RequestSegments.size(opened))
    // A crash left half a line. With an end it is one that nobody understands; the next is whole.
    if size > 0, RequestSegments.read(file, from: size - 1, count: 1) != [UInt8(ascii: "\n")] {
      guard write(file, "\n", 1) == 1 else {
        release()
        return false
      }
      size += 1
    }
    return true
  }

  private mutating func release() {
    if file >= 0 { close(file) }
    file = -1
  }

  /// Drops segments beyond the number that is kept.
  private func prune() {
    for old in (try? segments.numbers().dropLast(max(1, policy.segments))) ?? [] {
      unlink(segments.path(old))
    }
  }
}
