// What a control group uses, from the kernel's files. The two versions count the same things under
// other names and in other units.

import FormationModel
import Glibc

extension Cgroups {
  /// What a group uses; nil when it is gone, or its memory and time are not counted.
  func sample(of group: String) -> InstanceSample? {
    guard let memory = memoryUse(of: group), let time = cpuTime(of: group) else { return nil }
    let tasks = place(of: "pids").flatMap { number("\($0)\(group)/pids.current") }
    let limit = place(of: "pids").flatMap { number("\($0)\(group)/pids.max") }
    let processes = processes(in: group).count
    return InstanceSample(
      memory: memory, cpuTime: time, throttledTime: throttledTime(of: group),
      processes: processes, tasks: tasks.map { Int($0) } ?? processes,
      taskLimit: limit.map { Int($0) }, pressure: pressure(on: group),
      hasRunOutOfMemory: hasRunOutOfMemory(group))
  }

  private func memoryUse(of group: String) -> MemoryUse? {
    guard let folder = place(of: "memory").map({ $0 + group }),
      let counts = table("\(folder)/memory.stat")
    else { return nil }
    if isLegacy("memory") {
      return MemoryUse(
        rss: counts["total_rss"] ?? 0, cache: counts["total_cache"] ?? 0,
        swap: counts["total_swap"] ?? 0, inFiles: counts["total_shmem"] ?? 0)
    }
    return MemoryUse(
      rss: counts["anon"] ?? 0, cache: counts["file"] ?? 0,
      swap: number("\(folder)/memory.swap.current") ?? 0, inFiles: counts["shmem"] ?? 0)
  }

  private func cpuTime(of group: String) -> Duration? {
    if isLegacy("cpuacct") {
      return place(of: "cpuacct").flatMap { number("\($0)\(group)/cpuacct.usage") }
        .map { .nanoseconds($0) }
    }
    return unified.flatMap { table("\($0)\(group)/cpu.stat")?["usage_usec"] }
      .map { .microseconds($0) }
  }

  private func throttledTime(of group: String) -> Duration? {
    guard let counts = place(of: "cpu").flatMap({ table("\($0)\(group)/cpu.stat") }) else {
      return nil
    }
    return isLegacy("cpu")
      ? counts["throttled_time"].map { .nanoseconds($0) }
      : counts["throttled_usec"].map { .microseconds($0) }
  }

  /// Version 2 has it, with or without controllers; version 1 does not.
  private func pressure(on group: String) -> ResourcePressure? {
    guard let folder = unified.map({ $0 + group }),
      let cpu = Cgroups.pressure(in: Files.text("\(folder)/cpu.pressure")),
      let memory = Cgroups.pressure(in: Files.text("\(folder)/memory.pressure"))
    else { return nil }
    return ResourcePressure(cpu: cpu, memory: memory)
  }

  /// Reads `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`.
  static func pressure(in text: String?) -> ResourcePressure.Averages? {
    guard let line = text?.split(separator: "\n").first(where: { $0.hasPrefix("some ") }) else {
      return nil
    }
    var values: [Substring: Double] = [:]
    for word in line.split(separator: " ") {
      let parts = word.split(separator: "=")
      if parts.count == 2 { values[parts[0]] = Double(parts[1]) }
    }
    guard let over10 = values["avg10"], let over60 = values["avg60"],
      let over300 = values["avg300"]
    else { return nil }
    return .init(over10: over10, over60: over60, over300: over300)
  }

  /// The only number of a file; nil when there is no such file or it says `max`.
  private func number(_ path: String) -> Int64? {
    Files.text(path).flatMap { Int64($0.filter { !$0.isWhitespace }) }
  }

  /// Lines of a name and a number.
  private func table(_ path: String) -> [String: Int64]? {
    guard let text = Files.text(path) else { return nil }
    var table: [String: Int64] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, let number = Int64(words[1]) { table[String(words[0])] = number }
    }
    return table
  }
}
