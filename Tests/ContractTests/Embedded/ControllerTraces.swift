// What the machine holds of one controller: what a runtime could leave behind.

import Foundation
import Testing

@testable import ContainerRuntimes

/// Finds everything on the machine that names a controller or begins with its prefix.
struct ControllerTraces {
  let places: ControllerPlaces

  /// Links, mounts, firewall rules, cgroups, processes and folders in /run, one line each.
  func lines() throws -> [String] {
    var lines = try machine("ip", "-o", "link").split(separator: "\n").map { "link \($0)" }
    lines += try machine("ip", "netns").split(separator: "\n").map { "netns \($0)" }
    lines += try machine("ip", "route").split(separator: "\n").map { "route \($0)" }
    lines += (Files.text("/proc/self/mounts") ?? "").split(separator: "\n").map { "mount \($0)" }
    for save in ["iptables-save", "iptables-legacy-save"] where MachineTools.path(of: save) != nil {
      lines += try machine(save).split(separator: "\n").map { "\(save) \($0)" }
    }
    for mount in Cgroups.onThisMachine().mounts {
      lines += try (Files.names(in: mount) ?? []).map { "cgroup \(mount)/\($0)" }
    }
    lines += try processes()
    let run = ControllerPlaces.machine
    lines += try (Files.names(in: run) ?? []).map { "run \($0)" }
    lines += try (Files.names(in: run + "/networks") ?? []).map {
      "claim \($0) of \(Files.text("\(run)/networks/\($0)") ?? "")"
    }
    return lines.filter { $0.contains(places.prefix) || $0.contains(places.controller) }
  }

  /// Monitors by their arguments, dynos by their cgroup.
  private func processes() throws -> [String] {
    try (Files.names(in: "/proc") ?? []).compactMap { pid_t($0) }.compactMap { pid in
      guard ProcessTable.isAlive(pid) else { return nil }
      let group = Files.text("/proc/\(pid)/cgroup") ?? ""
      let arguments = ProcessTable.arguments(of: pid)
      let isOurs = group.contains(places.cgroup) || arguments.joined().contains(places.controller)
      return isOurs ? "process \(pid) \(places.controller) \(arguments)" : nil
    }
  }
}
