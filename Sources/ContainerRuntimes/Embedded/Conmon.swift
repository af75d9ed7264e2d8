// conmon: the monitor of one container, which keeps its output and its exit code while Muster is
// away. It lives in a session of its own.

import ChildProcesses
import FormationModel
import FoundationEssentials
import Glibc

/// Starts monitors.
struct Conmon: Sendable {
  /// Its path.
  let program: String
  /// Takes the monitors that it starts.
  let children: MonitorChildren

  /// What a monitor has to know.
  struct Order {
    let container: String
    /// What `ps` on the host shows.
    let name: String
    let bundle: String
    let log: String
    /// Bytes at which the log starts anew: a guard while Muster is away and cannot rotate.
    let logLimit: Int
    /// How the container is connected to whoever asked for it; what it writes is not logged then.
    var session: SessionForm?

    /// Where its output goes besides.
    fileprivate var logging: [String] {
      guard let session else {
        return ["-l", "k8s-file:\(log)", "--log-size-max", "\(logLimit)", "--no-sync-log"]
      }
      return ["-l", "none:", "-i"] + (session == .terminal ? ["-t"] : [])
    }
  }

  /// What conmon writes when the container is created, or is not.
  private struct Report: Decodable {
    let pid: Int
    let message: String?
  }

  private static let patience = Duration.seconds(60)

  /// Starts a monitor that creates the container, and waits until it is created: its process id.
  func create(
    _ order: Order, runtime: OCIRuntime, places: ControllerPlaces
  ) throws(EffectFailure) -> pid_t {
    let report = try Pipe()
    let child = try Child.start(
      program, arguments(order, runtime, places),
      environment: ["_OCI_SYNCPIPE": "3"],
      descriptors: [-1, -1, -1, report.write],
      // When memory runs out, conmon drops a file named `oom` where it stands.
      folder: order.bundle, newSession: true)
    report.closeWrite()
    children.take(child)
    do {
      // conmon itself writes this only when it leaves its parent.
      try Files.write("\(child.pid)".utf8, to: "\(places.pids)/\(order.container).conmon")
    } catch {
      child.kill()
      throw error
    }
    guard let line = readLine(report.read, until: Deadline(in: Conmon.patience)) else {
      throw EffectFailure(
        "create-unknown", "conmon did not say whether the container was created",
        retry: .afterObserving)
    }
    guard let answer = try? JSONDecoder().decode(Report.self, from: Data(line)) else {
      throw EffectFailure(
        "create-unknown", "conmon answered what nobody understands", retry: .afterObserving)
    }
    guard answer.pid > 0 else { throw Conmon.failure(answer.message ?? "no reason given") }
    return pid_t(answer.pid)
  }

  private static func failure(_ message: String) -> EffectFailure {
    let words = message.split(separator: "\n").last.map(String.init) ?? message
    return EffectFailure(
      "create-failed", "the container was not created: \(words)",
      fix: "check that the stack has the shell that its catalog entry names",
      retry: .withNewContent)
  }

  func arguments(
    _ order: Order, _ runtime: OCIRuntime, _ places: ControllerPlaces
  ) -> [String] {
    let creation = runtime.creation
    return [
      "-c", order.container, "-u", order.container, "-n", order.name, "-b", order.bundle,
      "-r", creation.program,
    ] + creation.arguments.map { "--runtime-arg=\($0)" } + [
      // Our child, not that of process 1, which on some machines reaps when it pleases: see
      // `MonitorChildren`. It runs on all the same when Muster ends.
      "--sync",
      "-p", "\(places.pids)/\(order.container)",
      "--exit-dir", places.exits, "--full-attach",
    ] + order.logging
  }

  private func readLine(_ descriptor: Int32, until deadline: Deadline) -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&polled, 1, deadline.milliseconds)
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { return nil }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return line.isEmpty ? nil : line }
      line.append(contentsOf: buffer[..<count])
      if let end = line.firstIndex(of: UInt8(ascii: "\n")) { return Array(line[..<end]) }
    }
  }
}

extension Conmon {
  /// Tells the monitor of a bundle to open its log file anew, after it was renamed. A monitor that
  /// is gone is told nothing.
  static func reopenLog(bundle: String) {
    let control = open(bundle + "/ctl", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    guard control >= 0 else { return }
    defer { close(control) }
    // Message 2 without arguments: reopen.
    let message = Array("2 0 0\n".utf8)
    _ = write(control, message, message.count)
  }
}
