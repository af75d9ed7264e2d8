// Reads one loose object file: zlib around `kind size NUL content`. libgit2 1.5 writes past its
// buffer when the size is a lie and loops for ever when the file is cut off (libgit2 #7177, #7342),
// so it never sees such a file. The hash is compared by libgit2, as for every object.

import CLibGit2
import Glibc

/// Why a loose object could not be read.
enum LooseObjectFlaw: Error {
  /// There is no such file.
  case missing
  /// It is not what git writes.
  case damaged(StaticString)
}

/// The header of a loose object: what it is, and how many bytes it says it has.
struct LooseHeader {
  let kind: git_object_t
  let bytes: Int
}

/// A loose object file that is being inflated.
struct LooseObject: ~Copyable {
  private let descriptor: Int32
  /// zlib remembers where its stream is, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var input = [UInt8](repeating: 0, count: 1 << 14)
  private var inputUsed = 0
  private var inputFilled = 0
  private var isAtEnd = false

  /// Opens a file; symlinks are followed, as git does.
  init(path: String) throws(LooseObjectFlaw) {
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else {
      throw [ENOENT, ENOTDIR].contains(errno) ? .missing : .damaged("the file cannot be opened")
    }
    let started = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    started.initialize(to: z_stream())
    guard muster_inflate_init(started) == Z_OK else {
      started.deallocate()
      close(opened)
      throw .damaged("zlib cannot be started")
    }
    descriptor = opened
    stream = started
  }

  deinit {
    close(descriptor)
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Reads the header. The content follows.
  mutating func header() throws(LooseObjectFlaw) -> LooseHeader {
    var text: [UInt8] = []
    while true {
      var byte: UInt8 = 0
      guard try inflate(into: &byte, count: 1) == 1 else { throw .damaged("it ends in its header") }
      if byte == 0 { break }
      text.append(byte)
      guard text.count <= 32 else { throw .damaged("its header is too long") }
    }
    let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 2, let bytes = Self.number(words[1]) else {
      throw .damaged("its header is not git's")
    }
    return LooseHeader(kind: try Self.kind(words[0]), bytes: bytes)
  }

  /// Fills `buffer` with the content; it must have as many bytes as the header said, not more.
  mutating func content(into buffer: UnsafeMutableRawBufferPointer) throws(LooseObjectFlaw) {
    if let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) {
      guard try inflate(into: start, count: buffer.count) == buffer.count else {
        throw .damaged("it is cut off")
      }
    }
    var rest: UInt8 = 0
    guard try inflate(into: &rest, count: 1) == 0 else {
      throw .damaged("it has more bytes than it says")
    }
  }

  /// Inflates up to `count` bytes; fewer only where the stream ends as it should.
  private mutating func inflate(
    into output: UnsafeMutablePointer<UInt8>, count: Int
  ) throws(LooseObjectFlaw) -> Int {
    var done = 0
    while done < count, !isAtEnd {
      if inputUsed == inputFilled { try fill() }
      let chunk = min(count - done, 1 << 30)
      let (code, consumed, produced) = step(into: output + done, count: chunk)
      inputUsed += consumed
      done += produced
      switch code {
      case Z_STREAM_END: isAtEnd = true
      case Z_OK: if consumed == 0, produced == 0 { throw .damaged("it cannot be inflated") }
      default: throw .damaged("it cannot be inflated")
      }
    }
    return done
  }

  private mutating func step(
    into output: UnsafeMutablePointer<UInt8>, count: Int
  ) -> (code: Int32, consumed: Int, produced: Int) {
    let available = inputFilled - inputUsed
    let used = inputUsed
    let code = input.withUnsafeMutableBufferPointer { bytes in
      stream.pointee.next_in = bytes.baseAddress.map { $0 + used }
      stream.pointee.avail_in = UInt32(available)
      stream.pointee.next_out = output
      stream.pointee.avail_out = UInt32(count)
      return CLibGit2.inflate(stream, Z_NO_FLUSH)
    }
    return (
      code, available - Int(stream.pointee.avail_in), count - Int(stream.pointee.avail_out)
    )
  }

  /// Reads the next part of the file; its end before the stream's end is damage.
  private mutating func fill() throws(LooseObjectFlaw) {
    while true {
      let count = read(descriptor, &input, input.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .damaged("it is cut off") }
      inputUsed = 0
      inputFilled = count
      return
    }
  }

  private static func kind(_ word: ArraySlice<UInt8>) throws(LooseObjectFlaw) -> git_object_t {
    switch String(decoding: word, as: UTF8.self) {
    case "commit": GIT_OBJECT_COMMIT
    case "tree": GIT_OBJECT_TREE
    case "blob": GIT_OBJECT_BLOB
    case "tag": GIT_OBJECT_TAG
    default: throw .damaged("its kind is unknown")
    }
  }

  /// A decimal number as git writes sizes: no sign, no leading zero.
  private static func number(_ word: ArraySlice<UInt8>) -> Int? {
    guard let first = word.first, word.count <= 18,
      word.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      first != UInt8(ascii: "0") || word.count == 1
    else { return nil }
    return Int(String(decoding: word, as: UTF8.self))
  }
}
