// What dynos use of a machine: counters that only grow and amounts at one moment. A share of time
// is what lies between two samples.

/// What a machine's dynos use, read once.
package struct MachineSample: Hashable, Codable, Sendable {
  /// When it was read, by a clock that never goes back: only differences mean something.
  package var instant: Duration
  /// The machine itself.
  package var machine: MachineCapacity
  /// Every running instance that could be read.
  package var instances: [InstanceID: InstanceSample]
  /// The monitors of instances, together.
  package var monitors: ProcessSample
  /// The Muster that asks.
  package var muster: ProcessSample

  /// Makes a sample.
  package init(
    instant: Duration, machine: MachineCapacity, instances: [InstanceID: InstanceSample],
    monitors: ProcessSample = ProcessSample(), muster: ProcessSample = ProcessSample()
  ) {
    self.instant = instant
    self.machine = machine
    self.instances = instances
    self.monitors = monitors
    self.muster = muster
  }
}

/// What a machine has.
package struct MachineCapacity: Hashable, Codable, Sendable {
  /// Its cores.
  package var cores: Int
  /// Its memory in bytes.
  package var memoryBytes: Int64
  /// Bytes of it that programs can still get.
  package var availableBytes: Int64
  /// Its load average over 1, 5 and 15 minutes; nil when it is not known.
  package var load: [Double]?

  /// Makes a capacity.
  package init(cores: Int, memoryBytes: Int64, availableBytes: Int64, load: [Double]? = nil) {
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.availableBytes = availableBytes
    self.load = load
  }
}

/// What some processes outside of dynos use.
package struct ProcessSample: Hashable, Codable, Sendable {
  /// How many there are.
  package var count: Int
  /// Bytes of memory that they hold.
  package var memoryBytes: Int64
  /// Time that they have spent on a core so far.
  package var cpuTime: Duration

  /// Makes a sample; of no process by default.
  package init(count: Int = 0, memoryBytes: Int64 = 0, cpuTime: Duration = .zero) {
    self.count = count
    self.memoryBytes = memoryBytes
    self.cpuTime = cpuTime
  }
}

/// What one instance uses, as its control group counts it.
package struct InstanceSample: Hashable, Codable, Sendable {
  /// Its memory.
  package var memory: MemoryUse
  /// Time that its processes have spent on a core so far.
  package var cpuTime: Duration
  /// Time in which it had work and was kept from a core by its quota so far; nil when the kernel
  /// does not count it.
  package var throttledTime: Duration?
  /// Its processes.
  package var processes: Int
  /// Its processes and threads, which the limit is on.
  package var tasks: Int
  /// Processes and threads at most; nil without a limit.
  package var taskLimit: Int?
  /// How much it waits for a core and for memory; nil where the kernel does not tell per group.
  package var pressure: ResourcePressure?
  /// Whether the kernel has ended a part of it for its memory.
  package var hasRunOutOfMemory: Bool
  /// The cores that it has for itself; nil: its type has none.
  package var cores: CoreUse?

  /// Makes a sample.
  package init(
    memory: MemoryUse, cpuTime: Duration, throttledTime: Duration?, processes: Int, tasks: Int,
    taskLimit: Int?, pressure: ResourcePressure?, hasRunOutOfMemory: Bool = false
  ) {
    self.memory = memory
    self.cpuTime = cpuTime
    self.throttledTime = throttledTime
    self.processes = processes
    self.tasks = tasks
    self.taskLimit = taskLimit
    self.pressure = pressure
    self.hasRunOutOfMemory = hasRunOutOfMemory
  }
}

/// Cores that a dyno has for itself, as some types do.
package struct CoreUse: Hashable, Codable, Sendable {
  /// Their numbers, sorted; none: the dyno shares those of all others.
  package var own: [Int]
  /// How many its type has.
  package var due: Int

  /// Makes a use.
  package init(own: [Int], due: Int) {
    self.own = own
    self.due = due
  }
}

/// Memory in Heroku's terms (log-runtime-metrics), in bytes.
package struct MemoryUse: Hashable, Codable, Sendable {
  /// Anonymous memory that is in RAM: `memory_rss`.
  package var rss: Int64
  /// Cached files, those in memory file systems included: `memory_cache`.
  package var cache: Int64
  /// What was swapped out: `memory_swap`.
  package var swap: Int64

  /// What of the cache lies in memory file systems, such as /tmp: the kernel cannot drop it.
  package var inFiles: Int64

  /// All of it: `memory_total`.
  package var total: Int64 { rss + cache + swap }

  /// What the kernel cannot take back when memory gets short: all but what it can read again.
  package var held: Int64 { rss + inFiles + swap }

  /// Makes a use.
  package init(rss: Int64 = 0, cache: Int64 = 0, swap: Int64 = 0, inFiles: Int64 = 0) {
    self.rss = rss
    self.cache = cache
    self.swap = swap
    self.inFiles = inFiles
  }

  /// Both together.
  package static func + (left: MemoryUse, right: MemoryUse) -> MemoryUse {
    MemoryUse(
      rss: left.rss + right.rss, cache: left.cache + right.cache, swap: left.swap + right.swap,
      inFiles: left.inFiles + right.inFiles)
  }
}

/// The share of time in which some task of a group waited (the kernel's pressure stall information,
/// `some`).
package struct ResourcePressure: Hashable, Codable, Sendable {
  /// Percent of the last 10, 60 and 300 seconds.
  package struct Averages: Hashable, Codable, Sendable {
    /// Of the last 10 seconds.
    package var over10: Double
    /// Of the last 60 seconds.
    package var over60: Double
    /// Of the last 300 seconds.
    package var over300: Double

    /// Makes averages.
    package init(over10: Double, over60: Double, over300: Double) {
      self.over10 = over10
      self.over60 = over60
      self.over300 = over300
    }
  }

  /// Waiting for a core.
  package var cpu: Averages
  /// Waiting for memory.
  package var memory: Averages

  /// Makes a pressure.
  package init(cpu: Averages, memory: Averages) {
    self.cpu = cpu
    self.memory = memory
  }
}

/// What lies between two samples: shares of one core.
package struct SampleWindow: Sendable {
  /// How long it is.
  package let length: Duration
  private let first: MachineSample
  private let second: MachineSample

  /// Makes a window between an earlier and a later sample.
  package init(from first: MachineSample, to second: MachineSample) {
    self.first = first
    self.second = second
    length = second.instant - first.instant
  }

  /// The share of one core that an instance had, 1 for a whole core; nil when it is not in both.
  package func cpuShare(of id: InstanceID) -> Double? {
    guard let before = first.instances[id], let after = second.instances[id] else { return nil }
    return share(before.cpuTime, after.cpuTime)
  }

  /// The share of the window in which an instance was kept from a core by its quota; nil when it is
  /// not in both or not counted.
  package func throttledShare(of id: InstanceID) -> Double? {
    guard let before = first.instances[id]?.throttledTime,
      let after = second.instances[id]?.throttledTime
    else { return nil }
    return share(before, after)
  }

  /// The share of one core that Muster itself had.
  package var musterShare: Double? { share(first.muster.cpuTime, second.muster.cpuTime) }

  /// The share of one core that the monitors had; nil when some came or went in between.
  package var monitorShare: Double? {
    first.monitors.count == second.monitors.count
      ? share(first.monitors.cpuTime, second.monitors.cpuTime) : nil
  }

  private func share(_ before: Duration, _ after: Duration) -> Double? {
    guard length > .zero, after >= before else { return nil }
    return (after - before) / length
  }
}
