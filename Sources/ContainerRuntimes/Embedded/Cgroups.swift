// The control groups of the machine: which hierarchies there are, and what is in one of our groups.

import FormationModel
import Glibc

/// The mounted hierarchies.
struct Cgroups: Sendable {
  /// How the machine has them mounted.
  enum Mode: String, Sendable {
    /// Version 1 alone.
    case legacy
    /// Version 1, with a version 2 hierarchy beside it that holds controllers.
    case hybrid
    /// Version 2 alone.
    case unified
    /// None.
    case none
  }

  /// How they are mounted.
  let mode: Mode
  /// Where each hierarchy is mounted.
  let mounts: [String]
  /// The version 2 hierarchy beside version 1 that keeps crun from running; nil in other modes.
  let disturbing: String?
  /// Where the hierarchy of a controller is mounted, version 1 before version 2.
  private let places: [String: String]
  /// The version 2 hierarchy, with or without controllers.
  let unified: String?

  private var processes: String? { place(of: "pids") }
  private var memory: String? { place(of: "memory") }

  /// Reads the mounts of the machine.
  static func onThisMachine() -> Cgroups {
    Cgroups(mounts: Files.text("/proc/self/mounts") ?? "")
  }

  /// Reads lines of /proc/self/mounts.
  init(mounts text: String) {
    var legacy: [(path: String, controllers: [Substring])] = []
    var unified: [String] = []
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 3 else { continue }
      if fields[2] == "cgroup" {
        legacy.append((String(fields[1]), fields[3].split(separator: ",")))
      } else if fields[2] == "cgroup2" {
        unified.append(String(fields[1]))
      }
    }
    let beside = legacy.isEmpty ? nil : unified.first { Cgroups.holdsControllers($0) }
    mode =
      legacy.isEmpty ? (unified.isEmpty ? .none : .unified) : (beside == nil ? .legacy : .hybrid)
    mounts = legacy.map(\.path) + unified
    disturbing = beside
    self.unified = unified.first
    let pairs = legacy.flatMap { mount in mount.controllers.map { (String($0), mount.path) } }
    places = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// Where a controller's hierarchy is mounted; nil without one.
  func place(of controller: String) -> String? { places[controller] ?? unified }

  /// Whether a controller's files are those of version 1.
  func isLegacy(_ controller: String) -> Bool { places[controller] != nil }

  private static func holdsControllers(_ mount: String) -> Bool {
    Files.text(mount + "/cgroup.controllers").map { !$0.allSatisfy(\.isWhitespace) } ?? false
  }

  /// The processes in a group, given from the root of the hierarchies; empty when there is none.
  func processes(in group: String) -> [pid_t] {
    guard let processes, let text = Files.text("\(processes)\(group)/cgroup.procs") else {
      return []
    }
    return text.split(separator: "\n").compactMap { pid_t($0) }
  }

  /// Whether the kernel killed something in the group for its memory.
  func hasRunOutOfMemory(_ group: String) -> Bool {
    guard let memory else { return false }
    let file = mode == .unified ? "memory.events" : "memory.oom_control"
    let lines = Files.text("\(memory)\(group)/\(file)")?.split(separator: "\n") ?? []
    return lines.contains { $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0" }
  }

  /// Whether the kernel counts swap for groups.
  var countsSwap: Bool {
    guard let memory else { return false }
    return mode == .unified || Files.exists(memory + "/memory.memsw.limit_in_bytes")
  }

  /// Removes an empty group from every hierarchy; false while something runs in it.
  func remove(_ group: String) -> Bool {
    mounts.allSatisfy { rmdir($0 + group) == 0 || errno == ENOENT }
  }
}
