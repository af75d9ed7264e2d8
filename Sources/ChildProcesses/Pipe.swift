// A pipe whose ends are closed once, and the collecting of what a child writes into two of them.

import CLinux
package import FormationModel
import Glibc

/// A pipe, both ends close-on-exec.
package final class Pipe {
  /// The end to read from; -1 once it is closed.
  package private(set) var read: Int32
  /// The end to write to; -1 once it is closed.
  package private(set) var write: Int32

  /// Makes one. Throws when the machine lets none be made.
  package init() throws(EffectFailure) {
    var ends: [Int32] = [-1, -1]
    guard muster_pipe(&ends) == 0 else { throw .lastError("cannot make a pipe") }
    read = ends[0]
    write = ends[1]
  }

  deinit {
    closeRead()
    closeWrite()
  }

  /// Gives the end to read from to somebody who closes it.
  package func releaseRead() -> Int32 {
    defer { read = -1 }
    return read
  }

  /// Gives the end to write to to somebody who closes it.
  package func releaseWrite() -> Int32 {
    defer { write = -1 }
    return write
  }

  /// What is left to read, up to a bound, once nobody writes any more.
  package func rest() -> String {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = Glibc.read(read, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }

  /// Closes the end to read from, unless it is closed.
  package func closeRead() {
    if read >= 0 { close(read) }
    read = -1
  }

  /// Closes the end to write to, unless it is closed.
  package func closeWrite() {
    if write >= 0 { close(write) }
    write = -1
  }
}

/// A point in time on the monotonic clock, after which waiting ends.
package struct Deadline {
  private let end: ContinuousClock.Instant

  /// So long from now.
  package init(in span: Duration) { end = ContinuousClock.now + span }

  /// Milliseconds left for poll(2), at least 0.
  package var milliseconds: Int32 {
    let left = ContinuousClock.now.duration(to: end).inMilliseconds
    return Int32(clamping: max(0, left))
  }

  /// Whether it has passed.
  package var isOver: Bool { ContinuousClock.now >= end }
}

/// Collects a child's two outputs.
struct Exchange {
  private static let keptBytes = 1 << 20

  private let pipes: [Pipe]
  private var collected: [[UInt8]] = [[], []]
  private var partial: [[UInt8]] = [[], []]

  init(output: Pipe, errors: Pipe) { pipes = [output, errors] }

  var outputText: String { String(decoding: collected[0], as: UTF8.self) }
  var errorText: String { String(decoding: collected[1], as: UTF8.self) }

  /// Goes on until both outputs are closed; false when the deadline passes before.
  mutating func run(until deadline: Deadline, line: ((String) -> Void)?) -> Bool {
    while pipes.contains(where: { $0.read >= 0 }) {
      var polled = pipes.map { pollfd(fd: $0.read, events: Int16(POLLIN), revents: 0) }
      let ready = poll(&polled, 2, deadline.milliseconds)
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { return false }
      for (index, pipe) in pipes.enumerated() where polled[index].revents != 0 {
        receive(pipe, index, line)
      }
    }
    return true
  }

  private mutating func receive(_ pipe: Pipe, _ index: Int, _ line: ((String) -> Void)?) {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = Glibc.read(pipe.read, &buffer, buffer.count)
    if count < 0 && errno == EINTR { return }
    guard count > 0 else {
      pipe.closeRead()
      return
    }
    if collected[index].count < Exchange.keptBytes {
      collected[index].append(contentsOf: buffer[..<count])
    }
    guard let line else { return }
    partial[index].append(contentsOf: buffer[..<count])
    while let end = partial[index].firstIndex(of: UInt8(ascii: "\n")) {
      line(String(decoding: partial[index][..<end], as: UTF8.self))
      partial[index].removeSubrange(...end)
    }
  }
}
