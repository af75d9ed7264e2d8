// The daemon's end of the control socket: takes callers, runs one command for each, ends it when
// the caller goes.

package import CLinux
import Foundation
import NIOCore
import NIOPosix

/// Listens on a UNIX domain socket.
package struct ControlSocket: Sendable {
  /// Runs one command for a caller and returns its exit code. Cancelled when the caller goes.
  package typealias Handler =
    @Sendable (ControlRequest, Caller, CallConsole) async -> Int32

  /// The socket's name in the state directory.
  package static let name = "muster.sock"
  /// Callers served at the same time; more are turned away.
  static let callersAtOnce = 32
  /// How long a caller may take to say what it wants.
  static let requestDeadline: Duration = .seconds(10)

  private let path: SocketPath
  private let listener: NIOAsyncChannel<LineChannel, Never>
  private let handler: Handler

  /// Listens in the folder; members of `group` may connect, or, when nil, its owner alone. A socket
  /// that a daemon left behind is replaced.
  package static func listen(
    in folder: String, group: gid_t?, handler: @escaping Handler
  ) async throws -> ControlSocket {
    let path = try SocketPath(folder: folder, name: ".\(name).new")
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.backlog, value: 64)
      .bind(unixDomainSocketPath: path.address, cleanupExistingSocketFile: true) { channel in
        channel.eventLoop.makeCompletedFuture { try channel.asLines() }
      }
    try path.publish(as: name, group: group)
    return ControlSocket(path: path, listener: listener, handler: handler)
  }

  /// Serves callers until the task is cancelled; then the socket is gone.
  package func run() async throws {
    defer { path.remove(Self.name) }
    let seats = Seats(Self.callersAtOnce)
    try await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { connections in
        for try await connection in connections {
          group.addTask { await serve(connection, seats) }
        }
      }
    }
  }

  private func serve(_ connection: LineChannel, _ seats: Seats) async {
    // A caller that breaks off has nobody to tell; the command was cancelled with it.
    try? await connection.executeThenClose { lines, output in
      guard await seats.take() else {
        // Heard first: a caller that is cut off while it speaks never reads the answer.
        var iterator = lines.makeAsyncIterator()
        _ = try await request(on: connection.channel, &iterator)
        return try await Self.turnAway("32 commands are being served already", output)
      }
      do {
        try await converse(connection.channel, lines, output)
      } catch let failure as ControlFailure {
        try? await Self.turnAway(failure.message, output)
      } catch {}
      await seats.leave()
    }
  }

  private func converse(
    _ channel: any Channel, _ lines: NIOAsyncChannelInboundStream<ByteBuffer>,
    _ output: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async throws {
    let caller = try await Caller.of(channel)
    var iterator = lines.makeAsyncIterator()
    guard let request = try await request(on: channel, &iterator) else { return }
    guard request.format == ControlRequest.currentFormat else {
      throw ControlFailure("the daemon is of another version of muster than this command")
    }
    try await run(request, caller, &iterator, output)
  }

  /// What the caller asks for; nil when it asks for nothing.
  private func request(
    on channel: any Channel,
    _ lines: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  ) async throws -> ControlRequest? {
    // A caller that says nothing must not keep its seat.
    let alarm = channel.eventLoop.scheduleTask(in: .init(Self.requestDeadline)) {
      channel.close(promise: nil)
    }
    defer { alarm.cancel() }
    guard let first = try await lines.next(),
      case .request(let request) = try FrameCodec.frame(first) as CallerFrame
    else { return nil }
    return request
  }

  private func run(
    _ request: ControlRequest, _ caller: Caller,
    _ lines: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
    _ output: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async throws {
    let (frames, continuation) = AsyncStream.makeStream(of: DaemonFrame.self)
    let answers = Answers()
    let console = CallConsole(continuation, answers, of: caller)
    let command = Task {
      let code = await handler(request, caller, console)
      continuation.yield(.end(code))
      continuation.finish()
    }
    let writing = Task {
      for await frame in frames {
        try await output.write(try FrameCodec.line(frame))
        console.taken(frame)
      }
      // Nothing follows; the caller closes, and the loop below ends.
      output.finish()
    }
    do {
      while let line = try await lines.next() {
        switch try FrameCodec.frame(line) as CallerFrame {
        case .answer(let data): await answers.take(.success(data))
        case .refusal(let why): await answers.take(.failure(ControlFailure(why)))
        case .request: throw ControlFailure("one connection runs one command")
        }
      }
    } catch {
      await give(up: command, writing, answers)
      throw error
    }
    await give(up: command, writing, answers)
  }

  private func give(
    up command: Task<Void, Never>, _ writing: Task<Void, any Error>, _ answers: Answers
  ) async {
    await answers.close()
    command.cancel()
    writing.cancel()
    await command.value
    _ = await writing.result
  }

  private static func turnAway(
    _ why: String, _ output: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async throws {
    try await output.write(try FrameCodec.line(DaemonFrame.text("muster: \(why)\n", isError: true)))
    try await output.write(try FrameCodec.line(DaemonFrame.end(2)))
  }
}

/// Seats for callers.
private actor Seats {
  private var free: Int

  init(_ count: Int) { free = count }

  func take() -> Bool {
    guard free > 0 else { return false }
    free -= 1
    return true
  }

  func leave() { free += 1 }
}
