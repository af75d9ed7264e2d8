// What this machine has and lacks for the embedded runtime. Looks only; changes nothing.

import ChildProcesses
import FormationModel
import Glibc

extension EmbeddedRuntime {
  /// One finding for each thing that dynos need of the machine, in the order in which to mend them.
  package func diagnose() async -> [MachineFinding] {
    await reads.run {
      [
        self.privileges, self.ociRuntime, self.tool("conmon", package: "conmon"),
        self.tool("ip", package: "iproute2"), self.packetFilter, self.fileSystem,
        self.controlGroups, self.swapSpace, self.forwarding, self.disk,
        self.tool("mmdebstrap", package: "mmdebstrap", orLess: "stacks of Debian packages"),
        self.tool("busybox", package: "busybox-static", orLess: "the busybox stack"),
      ]
    }
  }

  private var privileges: MachineFinding {
    geteuid() == 0
      ? MachineFinding("root", .ok, "runs as root")
      : MachineFinding("root", .missing, "does not run as root", fix: "run it with sudo")
  }

  private var ociRuntime: MachineFinding {
    do throws(EffectFailure) {
      let runtime = try OCIRuntime.find(choice, cgroups: cgroups, root: places.oci)
      let version = runtime.version() ?? runtime.program
      return MachineFinding("oci runtime", .ok, "\(version): \(runtime.reason)")
    } catch {
      return MachineFinding("oci runtime", .missing, error.message, fix: error.fix)
    }
  }

  private func tool(
    _ name: String, package: String, orLess lost: String? = nil
  ) -> MachineFinding {
    if let path = MachineTools.path(of: name) { return MachineFinding(name, .ok, path) }
    let fix = "apt-get install \(package)"
    guard let lost else { return MachineFinding(name, .missing, "is not installed", fix: fix) }
    return MachineFinding(name, .degraded, "is not installed: without it no \(lost)", fix: fix)
  }

  private var packetFilter: MachineFinding {
    do throws(EffectFailure) {
      let firewall = try Firewall.find(prefix: places.prefix, network: AddressClaim.everyone)
      return MachineFinding("iptables", .ok, firewall.program)
    } catch {
      if geteuid() != 0, let path = MachineTools.path(of: "iptables-restore") {
        return MachineFinding("iptables", .ok, "\(path); only root can see whether it works")
      }
      return MachineFinding("iptables", .missing, error.message, fix: error.fix)
    }
  }

  private var fileSystem: MachineFinding {
    let known = Files.text("/proc/filesystems")?.split(whereSeparator: \.isWhitespace) ?? []
    if known.contains("overlay") { return MachineFinding("overlayfs", .ok, "the kernel has it") }
    let module = MachineTools.path(of: "modprobe") == nil ? "" : "modprobe overlay"
    return MachineFinding(
      "overlayfs", .missing, "the kernel does not offer it", fix: module.isEmpty ? nil : module)
  }

  private var controlGroups: MachineFinding {
    // Without swap there is nothing to count.
    let isBounded = cgroups.countsSwap || SwapSpace.bytes == 0
    let swap = isBounded ? "" : "; swap is not counted, dynos may take all of it"
    switch cgroups.mode {
    case .none:
      return MachineFinding(
        "cgroups", .missing, "no hierarchy is mounted", fix: "mount cgroup2 at /sys/fs/cgroup")
    case .legacy, .hybrid, .unified:
      return MachineFinding(
        "cgroups", isBounded ? .ok : .degraded, cgroups.mode.rawValue + swap,
        fix: isBounded ? nil : "start the machine with swapaccount=1")
    }
  }

  private var swapSpace: MachineFinding {
    let bytes = cgroups.countsSwap ? SwapSpace.bytes : 0
    let words =
      bytes > 0
      ? "\(bytes / 1_000_000) MB: dynos page beyond their memory, as far as that suffices"
      : "none that is counted: dynos may take memory up to the ceiling that they are killed at"
    return MachineFinding("swap", .ok, words)
  }

  private var forwarding: MachineFinding {
    let words =
      switch Forwarding().now {
      case .off: "off: the first dyno switches it on, for the whole machine"
      case .onByMuster:
        "net.ipv4.ip_forward was 0 and was switched on for dynos; it stays on, others may use it"
      case .on: "on already"
      }
    return MachineFinding("forwarding", .ok, words)
  }

  private var disk: MachineFinding {
    var folder = places.state
    while !Files.exists(folder), folder != "/" { folder = Files.parent(of: folder) }
    let free = Files.freeBytes(at: folder) ?? 0
    let words = "\(free / 1_000_000) MB free at \(folder)"
    // Then new releases are held.
    if let shortage = DiskShortage.of(free: free, capacity: Files.capacity(at: folder) ?? 0) {
      let wanted = "free space: \(shortage.wanted / 1_000_000) MB are wanted"
      let largest = DynoDisk(places: places).largest(3)
      return MachineFinding(
        "disk", .degraded, ([words] + largest.map(\.description)).joined(separator: "; "),
        fix: largest.isEmpty
          ? wanted : "\(wanted); what a dyno wrote goes when it is restarted")
    }
    return MachineFinding("disk", .ok, words)
  }
}
