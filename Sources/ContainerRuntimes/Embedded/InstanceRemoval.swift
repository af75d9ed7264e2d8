// Removing what is left of an instance that does not run: container, link, cgroup, process ids, and
// at the very end its folder, since the record is what says what to remove.

import ChildProcesses
import FormationModel
import Glibc

/// Removes instances.
struct InstanceRemoval: Sendable {
  let places: ControllerPlaces
  let machinery: Machinery
  let inspection: InstanceInspection
  let termination: InstanceTermination

  /// Removes an instance; fails while it runs.
  func remove(_ record: InstanceRecord) throws(EffectFailure) {
    let container = record.container
    switch inspection.phase(record) {
    case .running, .stopping, .unsupervised:
      throw EffectFailure(
        "still-running", "\(record.id) runs; it has to end before it is removed",
        retry: .afterObserving)
    case .created: try termination.abandon(record)
    case .exited: break
    }
    if record.boot == places.boot {
      try endMonitor(record)
      try machinery.oci.delete(container)
      try machinery.network.disconnect(container)
      try removeCgroup(record)
    }
    let folder = InstanceFolder(record.id, in: places)
    try folder.remove()
    for file in [
      "\(places.exits)/\(container)", "\(places.pids)/\(container)",
      "\(places.pids)/\(container).conmon",
    ] {
      try Files.remove(file)
    }
    machinery.cores.release(record)
    if let address = IPv4(record.address) { machinery.addresses.giveBack(address) }
    let places = places
    try inspection.logs.prune(record.id.slot) {
      Files.exists(InstanceFolder($0, in: places).path)
    }
  }

  /// A monitor has written the exit code and goes, or has nothing left to watch.
  private func endMonitor(_ record: InstanceRecord) throws(EffectFailure) {
    guard let pid = inspection.monitor(record),
      let process = ProcessHandle(
        pid, proof: { ProcessTable.isMonitor(pid, of: record.container) })
    else { return }
    if !process.waitForEnd(until: Deadline(in: .milliseconds(500))) {
      process.signal(SIGKILL)
      _ = process.waitForEnd(until: Deadline(in: .seconds(2)))
    }
  }

  private func removeCgroup(_ record: InstanceRecord) throws(EffectFailure) {
    let deadline = Deadline(in: .seconds(2))
    while !inspection.cgroups.remove(inspection.cgroup(record)) {
      // A zombie that its parent has not reaped yet keeps the group busy for a moment.
      guard !deadline.isOver else {
        throw EffectFailure(
          "cgroup", "the cgroup of \(record.id) is still busy", retry: .later)
      }
      usleep(2000)
    }
  }
}
