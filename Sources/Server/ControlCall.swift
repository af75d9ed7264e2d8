// The caller's end of the control socket: asks the daemon to run a command, shows what it writes,
// answers what it asks.

package import Foundation
import Glibc
import NIOCore
import NIOPosix

/// A connection to the daemon of a state directory.
package struct ControlCall: Sendable {
  /// What to do with what the daemon sends.
  package protocol Terminal: Sendable {
    /// Writes text to standard output, or standard error.
    func write(_ text: String, isError: Bool)
    /// Answers a question; throws what is wrong, for people.
    func answer(_ question: CallerQuestion) throws -> Data
    /// Waits until a session that it took over has ended; the terminal is as it was then.
    func endSession()
  }

  private let connection: LineChannel

  /// Connects to the daemon of the state directory; nil when none listens there. Throws when one
  /// listens and this user may not call it.
  package static func connect(to folder: String) async throws -> ControlCall? {
    guard let path = try reachable(folder) else { return try withoutDaemon(folder) }
    do {
      let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connectTimeout(.seconds(5))
        .connect(unixDomainSocketPath: path.address) { channel in
          channel.eventLoop.makeCompletedFuture { try channel.asLines() }
        }
      return ControlCall(connection: connection)
    } catch let error as IOError where [ECONNREFUSED, ENOENT].contains(error.errnoCode) {
      // A daemon that was killed leaves its socket behind: nobody listens there.
      return try withoutDaemon(folder)
    } catch let error as IOError where error.errnoCode == EACCES {
      throw notAllowed(folder)
    } catch {
      throw ControlFailure(
        "`muster serve` does not answer on \(folder)/\(ControlSocket.name)",
        fix: "see how it is with `systemctl status muster`, or restart it")
    }
  }

  /// Whether a daemon has left its socket in the state directory and listens there no more: one
  /// that stops takes it along. Asked when `connect` has found none.
  package static func wasLeft(in folder: String) -> Bool {
    var status = stat()
    return lstat("\(folder)/\(ControlSocket.name)", &status) == 0
  }

  /// Asks nothing and goes.
  package func leave() async { try? await connection.executeThenClose { _, _ in } }

  /// Runs a command there; returns its exit code.
  package func run(_ request: ControlRequest, on terminal: some Terminal) async throws -> Int32 {
    let code: Int32?
    do {
      code = try await converse(request, terminal)
    } catch is ChannelError {
      code = nil
    } catch is IOError {
      code = nil
    }
    terminal.endSession()
    guard let code else {
      throw ControlFailure(
        "`muster serve` broke off before the command had ended",
        fix: "what it had recorded goes on; look with `muster status`")
    }
    return code
  }

  /// The exit code; nil when the daemon breaks off.
  private func converse(
    _ request: ControlRequest, _ terminal: some Terminal
  ) async throws -> Int32? {
    try await connection.executeThenClose { lines, output in
      try await output.write(try FrameCodec.line(CallerFrame.request(request)))
      for try await line in lines {
        switch try FrameCodec.frame(line) as DaemonFrame {
        case .text(let text, let isError): terminal.write(text, isError: isError)
        case .question(let question):
          let answer = Self.answer(question, terminal)
          try await output.write(try FrameCodec.line(answer))
        case .end(let code): return code
        }
      }
      return nil
    }
  }

  private static func answer(_ question: CallerQuestion, _ terminal: some Terminal) -> CallerFrame {
    do {
      return .answer(try terminal.answer(question))
    } catch let failure as ControlFailure {
      return .refusal(failure.message)
    } catch {
      return .refusal("it could not be done here")
    }
  }

  /// Nil when there is no socket, or nothing can be told without looking into the folder.
  private static func reachable(_ folder: String) throws -> SocketPath? {
    var status = stat()
    guard stat("\(folder)/\(ControlSocket.name)", &status) == 0 else {
      if errno == EACCES { throw notAllowed(folder) }
      return nil
    }
    return try SocketPath(folder: folder, name: ControlSocket.name)
  }

  /// Nil where the command can run in this process. Members of the group `muster` cannot act on
  /// another's state directory themselves.
  private static func withoutDaemon(_ folder: String) throws -> ControlCall? {
    var status = stat()
    guard geteuid() != 0, Caller.isOperator, stat(folder, &status) == 0,
      status.st_uid != geteuid()
    else { return nil }
    throw notAllowed(folder)
  }

  private static func notAllowed(_ folder: String) -> ControlFailure {
    guard !Caller.isOperator else {
      return ControlFailure(
        "`muster serve` is not at work on \(folder); it acts for members of the group muster",
        fix: "start it: sudo systemctl start muster; or run the command with sudo")
    }
    return ControlFailure(
      "\(Caller.name(of: geteuid())) may not reach the state directory \(folder)",
      fix:
        "run it with sudo, or join the group: sudo usermod -aG muster \(Caller.name(of: geteuid()))"
    )
  }
}
