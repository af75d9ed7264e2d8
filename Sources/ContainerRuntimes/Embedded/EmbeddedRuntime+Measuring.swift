// What dynos, their monitors and this process use: a few small files of the kernel for each, and
// no process.

import ChildProcesses
package import FormationModel
import Glibc

extension EmbeddedRuntime {
  /// What every running instance uses.
  package func measure() async throws(EffectFailure) -> MachineSample {
    let result = await reads.run {
      Result { () throws(EffectFailure) in
        let inspection = self.inspection
        let records = try self.scan().records
        var instances: [InstanceID: InstanceSample] = [:]
        var monitors = ProcessSample()
        for record in records where record.boot == self.places.boot {
          if let monitor = inspection.monitor(record) { monitors.add(monitor) }
          guard inspection.phase(record).isLive else { continue }
          instances[record.id] = self.sample(of: record, in: inspection.cgroup(record))
        }
        var muster = ProcessSample()
        muster.add(getpid())
        return MachineSample(
          instant: Uptime.now, machine: MachineCapacity.onThisMachine, instances: instances,
          monitors: monitors, muster: muster)
      }
    }
    return try result.get()
  }

  private func sample(of record: InstanceRecord, in group: String) -> InstanceSample? {
    var sample = cgroups.sample(of: group)
    if let due = record.cores, due > 0 {
      sample?.cores = CoreUse(own: cgroups.ownCores(of: group), due: due)
    }
    return sample
  }
}

extension MachineCapacity {
  /// What this machine has now.
  static var onThisMachine: MachineCapacity {
    var memory: [Substring: Int64] = [:]
    for line in (Files.text("/proc/meminfo") ?? "").split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count == 3, let kilobytes = Int64(words[1]) { memory[words[0]] = kilobytes << 10 }
    }
    let load = (Files.text("/proc/loadavg") ?? "").split(separator: " ").prefix(3)
      .compactMap { Double($0) }
    return MachineCapacity(
      cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)), memoryBytes: memory["MemTotal:"] ?? 0,
      availableBytes: memory["MemAvailable:"] ?? 0, load: load.count == 3 ? load : nil)
  }
}

extension ProcessSample {
  /// Counts a process in, unless it is gone.
  fileprivate mutating func add(_ pid: pid_t) {
    guard let stat = Files.text("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")"),
      let pages = Files.text("/proc/\(pid)/statm")?.split(separator: " ").compactMap({ Int64($0) }),
      pages.count > 2
    else { return }
    // Fields are counted from the state, the third of them: the name before it may hold anything.
    let fields = stat[end...].dropFirst(2).split(separator: " ")
    guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else {
      return
    }
    count += 1
    // Its own pages: what it shares with others, such as libraries, is no cost of its own.
    memoryBytes += max(0, pages[1] - pages[2]) * Int64(sysconf(Int32(_SC_PAGESIZE)))
    let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
    cpuTime += .milliseconds((user + system) * 1000 / max(1, ticks))
  }
}

/// A clock that never goes back.
enum Uptime {
  static var now: Duration {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
