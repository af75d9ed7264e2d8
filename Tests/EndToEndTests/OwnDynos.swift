// What a platform has on this machine, looked up without Muster's help: records, processes, links,
// control groups, firewall, claims. And the last resort that removes it all.

import Foundation
import Testing

/// The traces of one state directory's controller.
struct OwnDynos {
  let state: String

  /// The controller's id; nil before there is one.
  var controller: String? {
    let file = try? String(contentsOfFile: "\(state)/identity/controller", encoding: .utf8)
    return file.map { String($0.trimmingCharacters(in: .whitespacesAndNewlines).prefix(8)) }
  }

  /// How the names of containers, links and groups begin; nil before there is a controller.
  var prefix: String? {
    guard let controller else { return nil }
    let script = #"printf %s "$1" | sha256sum"#
    let answer = try? MusterProgram.run("/bin/sh", ["-c", script, "sh", controller])
    return (answer?.output.prefix(4)).map { "m" + $0 }
  }

  /// The container's name of each instance that has a record.
  var records: [String: String] {
    struct Record: Decodable { let container: String }
    var found: [String: String] = [:]
    for id in Self.names(in: state + "/instances") {
      let path = "\(state)/instances/\(id)/record.json"
      guard let data = FileManager.default.contents(atPath: path),
        let record = try? JSONDecoder().decode(Record.self, from: data)
      else { continue }
      found[id] = record.container
    }
    return found
  }

  /// The dyno's own processes by instance, without those that only wait to become one.
  var processes: [String: Set<Int32>] {
    records.compactMapValues { container in
      let own = Self.group(container).filter {
        let name = Self.text("/proc/\($0)/comm")?.trimmingCharacters(in: .newlines) ?? ""
        return !name.isEmpty && name != "crun" && !name.hasPrefix("runc")
          && Self.text("/proc/\($0)/stat")?.contains(") Z ") == false
      }
      return own.isEmpty ? nil : Set(own)
    }
  }

  /// The oldest process of each instance that runs: it is another one after a restart.
  var firstProcesses: [String: Int32] { processes.compactMapValues { $0.min() } }

  /// The monitors of this state directory's containers.
  var monitors: [Int32] {
    Self.names(in: "/proc").compactMap { Int32($0) }.filter {
      let words = (Self.text("/proc/\($0)/cmdline") ?? "").split(separator: "\0")
      return words.first?.hasSuffix("conmon") == true
        && words.contains { $0.hasPrefix(state + "/instances/") }
    }
  }

  /// The router's processes.
  var routers: [Int32] {
    guard let controller else { return [] }
    return Self.names(in: "/proc").compactMap { Int32($0) }.filter {
      let words = (Self.text("/proc/\($0)/cmdline") ?? "").split(separator: "\0")
      return words.first?.hasSuffix("haproxy") == true
        && words.contains { $0.hasPrefix("/run/muster/\(controller)/") }
    }
  }

  /// Everything on this machine that carries the prefix, one line each.
  var traces: [String] {
    guard let prefix else { return monitors.map { "monitor \($0)" } }
    var traces = MachineSnapshot().lines.filter { $0.contains(prefix) }
    for monitor in monitors { traces.insert("monitor \(monitor)") }
    for router in routers { traces.insert("router \(router)") }
    if let controller, access("/run/muster/\(controller)", F_OK) == 0 {
      traces.insert("/run/muster/\(controller)")
    }
    return traces.sorted()
  }

  /// How many of each there are for what runs.
  struct Count: Hashable { var records = 0, running = 0, monitors = 0, links = 0, groups = 0 }

  var count: Count {
    let prefix = self.prefix ?? "none"
    // A folder that Muster was killed over, half made or half removed, begins with a dot: it is no
    // record, and goes with the next effect.
    let records = Self.names(in: state + "/instances").filter { !$0.hasPrefix(".") }
    return Count(
      records: records.count, running: processes.count,
      monitors: monitors.count,
      links: Self.names(in: "/sys/class/net").filter { $0.hasPrefix(prefix) }.count,
      groups: Self.names(in: Self.pids + "/muster-\(prefix)").filter { $0.hasPrefix(prefix) }.count)
  }

  // MARK: - The last resort

  /// Kills and removes everything.
  func sweep() {
    guard let prefix else { return }
    for container in Self.names(in: Self.pids + "/muster-\(prefix)") {
      for process in Self.group(container, under: prefix) { kill(process, SIGKILL) }
    }
    for process in monitors + routers { kill(process, SIGKILL) }
    for link in Self.names(in: "/sys/class/net") where link.hasPrefix(prefix) {
      run(["ip", "link", "delete", link])
    }
    for table in ["filter", "nat"] {
      let rules = MachineSnapshot.rules(table).filter { $0.contains("MUSTER-\(prefix)-") }
      for rule in rules where rule.hasPrefix("-A ") && !rule.hasPrefix("-A MUSTER-") {
        let words = rule.dropFirst(3).split(separator: " ").map(String.init)
        run(["iptables", "-w", "-t", table, "-D"] + words)
      }
      for chain in rules where chain.hasPrefix("-N ") {
        run(["iptables", "-w", "-t", table, "-F", "\(chain.dropFirst(3))"])
      }
      for chain in rules where chain.hasPrefix("-N ") {
        run(["iptables", "-w", "-t", table, "-X", "\(chain.dropFirst(3))"])
      }
    }
    _ = eventually(within: 5) { Self.removeGroups(prefix) }
    guard let controller else { return }
    for claim in Self.names(in: "/run/muster/networks")
    where Self.text("/run/muster/networks/\(claim)")?.contains(controller) == true {
      unlink("/run/muster/networks/\(claim)")
    }
    try? FileManager.default.removeItem(atPath: "/run/muster/\(controller)")
  }

  private func run(_ words: [String]) { _ = try? MusterProgram.run("/usr/bin/env", words) }

  private static func removeGroups(_ prefix: String) -> Bool {
    var isGone = true
    for hierarchy in names(in: "/sys/fs/cgroup") + ["."] {
      let parent = "/sys/fs/cgroup/\(hierarchy)/muster-\(prefix)"
      for name in names(in: parent) { rmdir("\(parent)/\(name)") }
      rmdir(parent)
      isGone = isGone && access(parent, F_OK) != 0
    }
    return isGone
  }

  // MARK: - Looking

  /// Where groups list their processes.
  private static let pids =
    access("/sys/fs/cgroup/pids", F_OK) == 0 ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup"

  private static func group(_ container: String, under prefix: String? = nil) -> [Int32] {
    let folder = "\(pids)/muster-\(prefix ?? String(container.prefix(5)))/\(container)"
    return (text(folder + "/cgroup.procs") ?? "").split(separator: "\n").compactMap { Int32($0) }
  }

  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static func text(_ path: String) -> String? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    return (try? handle.readToEnd()).flatMap { String(bytes: $0, encoding: .utf8) }
  }
}
