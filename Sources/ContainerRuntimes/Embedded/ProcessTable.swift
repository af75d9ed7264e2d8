// What /proc says about processes. A process id alone proves nothing: ids are used again, so each
// answer is checked against the cgroup or the command line that only ours can have.

import FormationModel
import Glibc

/// Reads /proc.
enum ProcessTable {
  /// The id in a file that conmon writes; nil when it is not there, or not yet whole.
  static func id(inFile path: String) -> pid_t? {
    guard let text = Files.text(path), let pid = pid_t(text.filter { !$0.isWhitespace }), pid > 0
    else { return nil }
    return pid
  }

  /// Whether the process lives, a zombie not counted.
  static func isAlive(_ pid: pid_t) -> Bool {
    guard let stat = Files.text("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else {
      return false
    }
    let state = stat[end...].dropFirst(2).first
    return state != "Z" && state != "X" && state != nil
  }

  /// Whether the process lives in that cgroup.
  static func isAlive(_ pid: pid_t, inCgroup cgroup: String) -> Bool {
    guard let groups = Files.text("/proc/\(pid)/cgroup") else { return false }
    let isInside = groups.split(separator: "\n").contains { $0.hasSuffix(":" + cgroup) }
    return isInside && isAlive(pid)
  }

  /// Whether the process lives and is the monitor of that container.
  static func isMonitor(_ pid: pid_t, of container: String) -> Bool {
    arguments(of: pid).contains(container) && isAlive(pid)
  }

  /// The process's arguments; empty when it is gone.
  static func arguments(of pid: pid_t) -> [String] {
    guard let bytes = try? Files.read("/proc/\(pid)/cmdline") else { return [] }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The short name that the kernel shows; empty when the process is gone.
  static func name(of pid: pid_t) -> String {
    (Files.text("/proc/\(pid)/comm") ?? "").filter { $0 != "\n" }
  }

  /// Every process that has the word as one of its arguments.
  static func withArgument(_ word: String) -> [pid_t] {
    let names = (try? Files.names(in: "/proc")) ?? nil
    return (names ?? []).compactMap { pid_t($0) }.filter { arguments(of: $0).contains(word) }
  }
}
