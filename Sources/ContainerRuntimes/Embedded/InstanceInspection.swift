// Where an instance stands: its record, its exit file and /proc together, without asking the OCI
// runtime, so that a thousand instances cost a thousand small reads and no process.

import FormationModel
import Glibc

/// Tells the phase of instances.
struct InstanceInspection: Sendable {
  let places: ControllerPlaces
  let cgroups: Cgroups
  let logs: LogFolder

  private var exits: ExitFiles { ExitFiles(folder: places.exits) }

  /// The process ids that the monitor wrote down.
  func process(_ record: InstanceRecord) -> pid_t? {
    ProcessTable.id(inFile: "\(places.pids)/\(record.container)")
  }

  /// The monitor's process id, when it lives.
  func monitor(_ record: InstanceRecord) -> pid_t? {
    guard let pid = ProcessTable.id(inFile: "\(places.pids)/\(record.container).conmon"),
      ProcessTable.isMonitor(pid, of: record.container)
    else { return nil }
    return pid
  }

  /// The cgroup of an instance.
  func cgroup(_ record: InstanceRecord) -> String { "\(places.cgroup)/\(record.container)" }

  /// The instance as the driver wants to see it.
  func observe(_ record: InstanceRecord) -> ObservedInstance {
    let phase = phase(record)
    let endpoint = record.port.map { Endpoint(address: record.address, port: $0) }
    return ObservedInstance(
      id: record.id, phase: phase, form: record.form, crashes: record.crashes,
      startedAt: phase == .created ? nil : startedAt(record),
      endpoint: phase.isLive ? endpoint : nil,
      hasRunOutOfMemory: phase.isLive && cgroups.hasRunOutOfMemory(cgroup(record)),
      isAttended: record.session.map { _ in
        phase.isLive && SessionHold(InstanceFolder(record.id, in: places)).isHeld
      })
  }

  /// Where it stands.
  func phase(_ record: InstanceRecord) -> InstancePhase {
    // The machine was started again since: nothing of it can be alive.
    guard record.boot == places.boot else { return .exited(unseenExit(record)) }
    if let exit = exits.read(record.container) { return ended(record, exit) }
    guard let pid = process(record) else { return .created }
    let isWaiting = OCIRuntime.isWaiting(record.container, root: places.oci)
    if ProcessTable.isAlive(pid, inCgroup: cgroup(record)) {
      if isWaiting && OCIRuntime.isRuntime(named: ProcessTable.name(of: pid)) { return .created }
      return live(record)
    }
    if isWaiting { return .created }
    // Ended, and its monitor is about to say so.
    if monitor(record) != nil { return live(record) }
    return exits.read(record.container).map { ended(record, $0) } ?? .exited(unseenExit(record))
  }

  private func live(_ record: InstanceRecord) -> InstancePhase {
    if let killAt = record.killAt { return .stopping(killAt: killAt) }
    return monitor(record) == nil ? .unsupervised : .running
  }

  private func ended(_ record: InstanceRecord, _ exit: (code: Int, at: LoopTime)) -> InstancePhase {
    if OCIRuntime.isWaiting(record.container, root: places.oci) { return .created }
    return .exited(
      InstanceExit(
        code: exit.code, at: exit.at, requested: record.killAt != nil,
        outOfMemory: cgroups.hasRunOutOfMemory(cgroup(record))))
  }

  private func unseenExit(_ record: InstanceRecord) -> InstanceExit {
    let lastWritten = Files.status(logs.file(record.id)).map { LoopTime($0.st_mtim) }
    return InstanceExit(
      code: nil, at: max(record.recordedAt, lastWritten ?? record.recordedAt),
      requested: record.killAt != nil)
  }

  /// The monitor writes the process id at the moment the process exists.
  private func startedAt(_ record: InstanceRecord) -> LoopTime {
    Files.status("\(places.pids)/\(record.container)").map { LoopTime($0.st_mtim) }
      ?? record.recordedAt
  }
}

extension InstancePhase {
  /// Whether a process of it runs.
  var isLive: Bool {
    switch self {
    case .running, .stopping, .unsupervised: true
    case .created, .exited: false
    }
  }
}
