// The bundle of a dyno: read-only stack, the slug below a writable layer at /app, a bounded /tmp of
// its own, and the hardening that every dyno gets whatever its type.

import FormationModel
import Glibc

extension Bundle {
  /// Where the parts of a dyno's file system lie on the machine.
  struct Sources {
    let stack: String
    let slug: String
    /// The instance's own folder.
    let instance: String
  }

  /// What the machine can do.
  struct Machine {
    /// Whether the kernel counts swap for control groups.
    let countsSwap: Bool
    /// Bytes of swap.
    let swapBytes: Int64
    /// The hard limit of open files; no dyno gets more.
    let openFiles: UInt64
    /// Bytes of the file system that the dynos' files are on.
    let diskBytes: Int64
  }

  /// The bundle of an instance.
  init(
    _ spec: InstanceSpec, environment: [String], sources: Sources, cgroup: String,
    machine: Machine, seccomp: SeccompProfile
  ) {
    let size = spec.size
    ociVersion = "1.0.2"
    let openFiles = min(10_000, machine.openFiles)
    let none = ["bounding", "effective", "inheritable", "permitted", "ambient"].map {
      ($0, [String]())
    }
    process = Process(
      terminal: spec.session == .terminal,
      user: User(uid: DynoUser.id, gid: DynoUser.id, umask: 0o022),
      args: DynoCommand.arguments(
        spec.command, shell: spec.content.stack.stack.shell, session: spec.session),
      env: environment, cwd: DynoUser.home,
      capabilities: Dictionary(uniqueKeysWithValues: none),
      rlimits: [
        ResourceLimit(type: "RLIMIT_NOFILE", hard: openFiles, soft: openFiles),
        ResourceLimit(type: "RLIMIT_CORE", hard: 0, soft: 0),
        ResourceLimit(type: "RLIMIT_FSIZE", hard: machine.fileBytes, soft: machine.fileBytes),
      ],
      noNewPrivileges: true,
      // Under pressure the kernel ends a dyno before anything of the machine's own.
      oomScoreAdj: 500)
    root = Root(path: sources.stack, readonly: true)
    // The kernel's limit is 64 bytes; a process type may have 128.
    hostname = String(spec.id.slot.dynoName.prefix(63))
    mounts = Bundle.systemMounts + Bundle.ownMounts(sources, size)
    linux = Linux(
      namespaces: ["pid", "network", "ipc", "uts", "mount"].map(Namespace.init),
      cgroupsPath: cgroup,
      resources: Resources(
        memory: Memory(size, on: machine),
        cpu: CPU(shares: UInt64(min(max(size.cpuShare, 1), 256)) * 1024),
        pids: Pids(limit: Int64(size.processLimit)),
        devices: [DeviceRule(allow: false, access: "rwm")]),
      seccomp: seccomp, maskedPaths: Bundle.masked, readonlyPaths: Bundle.readOnly)
  }

  private static let systemMounts = [
    Mount(
      destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
    Mount(
      destination: "/dev", type: "tmpfs", source: "tmpfs",
      options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
    Mount(
      destination: "/dev/pts", type: "devpts", source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
    Mount(
      destination: "/dev/shm", type: "tmpfs", source: "shm",
      options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
    Mount(
      destination: "/sys", type: "sysfs", source: "sysfs",
      options: ["nosuid", "noexec", "nodev", "ro"]),
    Mount(
      destination: "/run", type: "tmpfs", source: "tmpfs",
      options: ["nosuid", "nodev", "mode=1777", "size=16384k"]),
  ]

  private static func ownMounts(_ sources: Sources, _ size: DynoType) -> [Mount] {
    func bind(_ name: String, at destination: String, _ options: [String]) -> Mount {
      Mount(
        destination: destination, type: "bind", source: "\(sources.instance)/\(name)",
        options: ["bind", "nosuid", "nodev"] + options)
    }
    return [
      // Mounted inside the container's own mount namespace: nothing is mounted on the machine, so
      // nothing can be left mounted there.
      Mount(
        destination: DynoUser.home, type: "overlay", source: "overlay",
        options: [
          "nosuid", "nodev", "lowerdir=\(sources.slug)", "upperdir=\(sources.instance)/app",
          "workdir=\(sources.instance)/work",
        ]),
      temporary(size),
      bind("hosts", at: "/etc/hosts", ["ro", "noexec"]),
      bind("resolv.conf", at: "/etc/resolv.conf", ["ro", "noexec"]),
    ]
  }

  /// Kept in the dyno's own memory, so that it takes no disk, and bounded by half of that memory,
  /// so that a full /tmp is an error of whoever writes and not the end of the dyno.
  private static func temporary(_ size: DynoType) -> Mount {
    let kilobytes = max(1024, size.memoryBytes / 2 / 1024)
    return Mount(
      destination: "/tmp", type: "tmpfs", source: "tmpfs",
      options: [
        "nosuid", "nodev", "mode=1777", "size=\(kilobytes)k", "nr_inodes=\(kilobytes / 4)",
      ])
  }

  private static let masked = [
    "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
    "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
    "/sys/devices/virtual/powercap",
  ]

  private static let readOnly = [
    "/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
  ]
}
