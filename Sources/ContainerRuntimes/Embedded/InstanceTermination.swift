// Stopping, killing and removing instances. Signals go to every process of the instance's cgroup,
// each through a handle that proves it is that process; every step of a removal can be done again.

import ChildProcesses
import FormationModel
import Glibc

/// Ends instances.
struct InstanceTermination: Sendable {
  private static let patience = Duration.seconds(5)

  let places: ControllerPlaces
  let inspection: InstanceInspection

  /// Records when SIGKILL is due, then sends SIGTERM to every process.
  func stop(_ record: InstanceRecord, killAt: LoopTime) throws(EffectFailure) {
    guard inspection.phase(record).isLive else { return }
    var record = record
    record.killAt = killAt
    try InstanceFolder(record.id, in: places).rewrite(record)
    terminate(record)
  }

  /// A process as it was told: one that has replaced its program since is to be told again.
  private struct Told: Hashable {
    let pid: pid_t
    /// Whether it was the dyno's own shell, about to begin or to become the command.
    let isShell: Bool
  }

  /// How often to look for a command that has not begun. Looks, not seconds: a machine that
  /// stands still for a while, as virtual ones do, must not use them up.
  private enum Looks {
    /// While there is only the first process: about ten seconds on a machine that is free.
    static let whileNobodyElse = 5000
    /// Once the second was told, which may be about to become the command.
    static let onceToldSecond = 500
  }

  /// Sends SIGTERM to every process, once to each, until none is left that was not told. The first
  /// process hears nothing, and the second may lose what it heard while it becomes the command (see
  /// `DynoCommand`): as long as there is nobody else, the command has not begun and must not be
  /// missed.
  private func terminate(_ record: InstanceRecord) {
    let first = inspection.process(record)
    let group = inspection.cgroup(record)
    var told: Set<Told> = []
    var looks = Looks.whileNobodyElse
    while looks > 0 {
      let processes = Set(
        inspection.cgroups.processes(in: group).map {
          Told(pid: $0, isShell: DynoCommand.isSecond(ProcessTable.arguments(of: $0)))
        })
      let untold = processes.subtracting(told)
      // Those that started others first: a shell whose program has ended goes on to its next one.
      let news = untold.sorted { $0.pid < $1.pid }.filter { tell($0.pid, record) }
      told.formUnion(news)
      if processes.isEmpty { return }
      let others = told.filter { $0.pid != first }
      if untold.isEmpty, others.contains(where: { !$0.isShell }) { return }
      looks = min(looks - 1, others.isEmpty ? looks : Looks.onceToldSecond)
      if news.isEmpty { pause() }
    }
  }

  /// Whether SIGTERM was sent to the process, or it has ended and needs none.
  private func tell(_ pid: pid_t, _ record: InstanceRecord) -> Bool {
    guard let process = handle(pid, record) else { return !ProcessTable.isAlive(pid) }
    // What sits at a terminal is used to hanging up; shells there do not heed SIGTERM. What was
    // suspended there must wake to hear it.
    if record.session == .terminal { process.signal(SIGHUP) }
    process.signal(SIGTERM)
    if record.session == .terminal { process.signal(SIGCONT) }
    return true
  }

  /// Sends SIGKILL to every process and waits until nothing of it lives.
  func kill(_ record: InstanceRecord) throws(EffectFailure) {
    let deadline = Deadline(in: InstanceTermination.patience)
    while !deadline.isOver {
      signal(SIGKILL, record)
      if let pid = inspection.process(record), let process = handle(pid, record) {
        _ = process.waitForEnd(until: deadline)
      }
      if cgroupIsEmpty(record) { return try settle(record, deadline) }
      pause()
    }
    throw EffectFailure("kill", "\(record.id) does not end after SIGKILL", retry: .later)
  }

  /// Waits for the exit code. A monitor that does not write it, though nothing is left to watch, is
  /// ended too: then the exit code is unknown.
  private func settle(_ record: InstanceRecord, _ deadline: Deadline) throws(EffectFailure) {
    let exits = ExitFiles(folder: places.exits)
    while exits.read(record.container) == nil, let monitor = inspection.monitor(record) {
      if deadline.isOver {
        ProcessHandle(monitor) { ProcessTable.isMonitor(monitor, of: record.container) }?
          .signal(SIGKILL)
        return
      }
      pause()
    }
  }

  /// Sends a signal to every process of an instance.
  private func signal(_ number: Int32, _ record: InstanceRecord) {
    for pid in inspection.cgroups.processes(in: inspection.cgroup(record)) {
      handle(pid, record)?.signal(number)
    }
  }

  private func handle(_ pid: pid_t, _ record: InstanceRecord) -> ProcessHandle? {
    ProcessHandle(pid) { ProcessTable.isAlive(pid, inCgroup: inspection.cgroup(record)) }
  }

  private func cgroupIsEmpty(_ record: InstanceRecord) -> Bool {
    inspection.cgroups.processes(in: inspection.cgroup(record)).allSatisfy {
      !ProcessTable.isAlive($0)
    }
  }

  /// Long enough for the kernel to reap, short enough not to be felt.
  private func pause() { usleep(2000) }

  /// Ends what an interrupted start left half made: a monitor that still creates the container, the
  /// OCI runtime that it runs, a container that waits to be started.
  func abandon(_ record: InstanceRecord) throws(EffectFailure) {
    let deadline = Deadline(in: InstanceTermination.patience)
    while true {
      let makers = ProcessTable.withArgument(record.container)
      for pid in makers {
        ProcessHandle(pid) { ProcessTable.arguments(of: pid).contains(record.container) }?
          .signal(SIGKILL)
      }
      signal(SIGKILL, record)
      if makers.allSatisfy({ !ProcessTable.isAlive($0) }) && cgroupIsEmpty(record) { return }
      if deadline.isOver {
        throw EffectFailure("kill", "\(record.id) does not end after SIGKILL", retry: .later)
      }
      pause()
    }
  }
}
