// Carries bytes between this process's standard streams and a session, both ways at once, without
// ever holding more than a packet: whoever is slow slows the other end, and nothing is lost.

import CLinux
import Effects
import Glibc

/// Carries bytes for one session.
struct SessionRelay {
  /// The most that is read at once, and more than a monitor's packet has.
  private static let portion = 32 << 10
  /// What a monitor takes in one packet.
  private static let packet = 8 << 10
  /// The first byte of a monitor's packet with errors.
  private static let errorMark: UInt8 = 3

  private let ends: SessionEnds
  private let input: Int32
  private var outputs: [(from: Int32, to: Int32)]
  private let inPackets: Bool
  private let inputSize: Int
  private var pending: [UInt8] = []
  private var readsInput = true
  private var takesInput = true
  private var isLeft = false
  private let raw: RawTerminal?

  init(_ ends: SessionEnds) {
    self.ends = ends
    inPackets = ends[.packets] != nil
    let duplex = ends[.packets] ?? ends[.terminal]
    input = duplex ?? ends[.input] ?? -1
    outputs =
      duplex.map { [($0, STDOUT_FILENO)] }
      ?? [(ends[.output], STDOUT_FILENO), (ends[.errors], STDERR_FILENO)].compactMap { from, to in
        from.map { ($0, to) }
      }
    inputSize = inPackets ? Self.packet : Self.portion
    raw = ends[.terminal] ?? ends[.resize] == nil ? nil : RawTerminal(ends)
    for descriptor in Set([input] + outputs.map(\.from)) where descriptor >= 0 {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }

  /// The size of a terminal; nil when it is none.
  static func size(of terminal: Int32) -> TerminalSize? {
    var (rows, columns): (UInt16, UInt16) = (0, 0)
    guard muster_terminal_size(terminal, &rows, &columns) == 0, rows > 0 else { return nil }
    return TerminalSize(rows: rows, columns: columns)
  }

  /// Carries until the session is over, which is true, or this end is gone, which is false.
  consuming func run() -> Bool {
    signal(SIGPIPE, SIG_IGN)
    var relay = self
    defer { relay.raw?.restore() }
    while !relay.outputs.isEmpty { if !relay.step() { return false } }
    return true
  }

  /// Waits for something to carry, and carries it; false when this end is gone.
  private mutating func step() -> Bool {
    var polled = [
      pollfd(fd: wantsInput ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: pending.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
    ]
    polled += outputs.map { pollfd(fd: $0.from, events: Int16(POLLIN), revents: 0) }
    guard poll(&polled, nfds_t(polled.count), -1) >= 0 else { return errno == EINTR }
    if polled[0].revents != 0 { readInput() }
    if isLeft { return false }
    if polled[1].revents != 0 { writeInput() }
    let ready = zip(outputs, polled.dropFirst(2)).filter { $1.revents != 0 }.map(\.0)
    for output in ready { guard carry(output) else { return false } }
    return true
  }

  private var wantsInput: Bool { readsInput && takesInput && pending.isEmpty }

  // MARK: - Input

  private mutating func readInput() {
    var buffer = [UInt8](repeating: 0, count: inputSize)
    let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
    guard count > 0 else {
      readsInput = false
      // No key ends the input of a raw terminal: it hung up.
      if raw != nil { isLeft = true } else { endInput() }
      return
    }
    pending = Array(buffer.prefix(count))
    writeInput()
  }

  private mutating func writeInput() {
    let count =
      inPackets
      ? send(input, pending, pending.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      : Glibc.write(input, pending, pending.count)
    if count < 0 {
      if errno == EINTR || errno == EAGAIN { return }
      // Nobody reads it; what there is to say is still read.
      takesInput = false
      pending = []
      return
    }
    pending.removeFirst(count)
  }

  /// Nothing follows: the command sees the end of its input.
  private mutating func endInput() {
    takesInput = false
    if inPackets {
      shutdown(input, Int32(SHUT_WR))
    } else if let terminal = ends[.terminal] {
      // The key that means it, at a terminal.
      _ = Glibc.write(terminal, [UInt8(4)], 1)
    } else {
      ends.close(.input)
    }
  }

  // MARK: - Output

  /// Carries one portion; false when nobody reads it.
  private mutating func carry(_ output: (from: Int32, to: Int32)) -> Bool {
    var buffer = [UInt8](repeating: 0, count: Self.portion)
    let count = Glibc.read(output.from, &buffer, buffer.count)
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return true }
    guard count > 0 else {
      outputs.removeAll { $0.from == output.from }
      return true
    }
    guard inPackets else { return Self.deliver(buffer[..<count], to: output.to) }
    let target = buffer[0] == Self.errorMark ? STDERR_FILENO : output.to
    return Self.deliver(buffer[1..<count], to: target)
  }

  private static func deliver(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        guard errno == EAGAIN else { return false }
        var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&polled, 1, -1)
        continue
      }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
