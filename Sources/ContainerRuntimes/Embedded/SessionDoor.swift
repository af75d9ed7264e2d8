// The way to a one-off dyno's session: through its monitor, which is told to keep no log of it.

import CLinux
import ChildProcesses
import Effects
import FormationModel
import Glibc

/// Opens the session of one instance whose container waits to be started.
struct SessionDoor {
  private static let patience = Duration.seconds(5)

  private let record: InstanceRecord
  private let inspection: InstanceInspection
  private let folder: InstanceFolder

  init(_ record: InstanceRecord, _ inspection: InstanceInspection) {
    self.record = record
    self.inspection = inspection
    folder = InstanceFolder(record.id, in: inspection.places)
  }

  /// Connects, and takes the hold, which lets the instance start. Throws when somebody has it.
  func open(size: TerminalSize?) throws(EffectFailure) -> SessionEnds {
    var ends: [SessionEnds.Role: Int32] = [:]
    do {
      let before = monitorSockets
      ends[.packets] = try connect()
      // What the dyno writes goes to those that its monitor knows of by then.
      try awaitMonitor(besides: before)
      if record.session == .terminal { ends[.resize] = try terminal(size) }
      ends[.hold] = try SessionHold(folder).take()
    } catch {
      for descriptor in ends.values { close(descriptor) }
      throw error
    }
    return SessionEnds(ends)
  }

  private func connect() throws(EffectFailure) -> Int32 {
    // The socket's path may be longer than an address of a socket can be.
    let place = Glibc.open(folder.path, muster_open_path | O_DIRECTORY | O_CLOEXEC)
    guard place >= 0 else { throw .lastError("cannot open \(folder.path)") }
    defer { close(place) }
    let packets = muster_unix_connect("/proc/self/fd/\(place)/attach", 0, 1)
    guard packets >= 0 else { throw .lastError("cannot connect to \(record.id)") }
    return packets
  }

  /// Where the size of its terminal is written; it has this size from the beginning.
  private func terminal(_ size: TerminalSize?) throws(EffectFailure) -> Int32 {
    let resize = Glibc.open(folder.path + "/winsz", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    guard resize >= 0 else { throw .lastError("cannot reach the terminal of \(record.id)") }
    if let size {
      let line = Array("\(size.rows) \(size.columns)\n".utf8)
      _ = write(resize, line, line.count)
    }
    return resize
  }

  /// The sockets that the monitor has open.
  private var monitorSockets: Set<String> {
    guard let pid = inspection.monitor(record) else { return [] }
    let folder = "/proc/\(pid)/fd"
    let names = (try? Files.names(in: folder)) ?? nil
    let targets = (names ?? []).compactMap { Files.target(of: "\(folder)/\($0)") }
    return Set(targets.filter { $0.hasPrefix("socket:") })
  }

  /// Waits until the monitor has a socket that it did not have before: this connection.
  private func awaitMonitor(besides known: Set<String>) throws(EffectFailure) {
    let deadline = Deadline(in: Self.patience)
    while monitorSockets.isSubset(of: known) {
      guard !deadline.isOver else {
        throw EffectFailure(
          "monitor-silent", "the monitor of \(record.id) takes no connection", retry: .later)
      }
      usleep(1_000)
    }
  }
}
