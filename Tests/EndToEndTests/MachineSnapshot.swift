// What is on this machine that only its owner should touch: links, mounts, network namespaces,
// control groups, firewall rules.

import Foundation

/// The machine at one moment, one line for each thing.
struct MachineSnapshot {
  let lines: Set<String>

  init() {
    var lines: Set<String> = []
    for link in OwnDynos.names(in: "/sys/class/net") {
      let address = OwnDynos.text("/sys/class/net/\(link)/address") ?? ""
      lines.insert("link \(link) \(address.prefix(17))")
    }
    for mount in (OwnDynos.text("/proc/self/mounts") ?? "").split(separator: "\n") {
      lines.insert("mount \(mount)")
    }
    for name in OwnDynos.names(in: "/run/netns") { lines.insert("namespace \(name)") }
    for hierarchy in OwnDynos.names(in: "/sys/fs/cgroup") {
      for name in OwnDynos.names(in: "/sys/fs/cgroup/\(hierarchy)")
      where !name.contains(".") || name.hasPrefix("muster") {
        lines.insert("group \(hierarchy)/\(name)")
      }
    }
    for table in ["filter", "nat"] {
      for rule in Self.rules(table) { lines.insert("rule \(table) \(rule)") }
    }
    self.lines = lines
  }

  /// What no Muster made; other tests run theirs at the same time.
  var strangers: Set<String> {
    lines.filter { line in
      !line.contains("MUSTER-m") && !line.contains("/muster-m")
        && line.firstMatch(of: #/^link m[0-9a-f]{14} /#) == nil
    }
  }

  /// The rules of one table, as `iptables -S` lists them.
  static func rules(_ table: String) -> [String] {
    let answer = try? MusterProgram.run(
      "/usr/bin/env", ["iptables", "-w", "-t", table, "-S"])
    return (answer?.output ?? "").split(separator: "\n").map(String.init)
  }
}
