// Failures of system calls as typed failures: which of them wait for the machine to be mended.

package import FormationModel
import Glibc

extension EffectFailure {
  /// The failure of a system call: what was tried, and errno as words.
  package static func system(_ action: String, errno code: Int32) -> EffectFailure {
    let words = String(cString: strerror(code))
    let causes = ["the kernel's answer: \(words) (errno \(code))"]
    switch code {
    case ENOSPC, EDQUOT:
      return EffectFailure(
        "disk-full", "\(action): \(words)",
        fix: "free space on the file system that holds the state directory",
        retry: .whenMachineIsMended, causes: causes)
    case EACCES, EPERM, EROFS:
      return EffectFailure(
        "no-permission", "\(action): \(words)",
        fix: "run as root, with a state directory that root may write",
        retry: .whenMachineIsMended, causes: causes)
    case EMFILE, ENFILE, ENOMEM, EAGAIN:
      return EffectFailure(
        "machine-exhausted", "\(action): \(words)", retry: .whenMachineIsMended, causes: causes)
    default:
      return EffectFailure("system-error", "\(action): \(words)", retry: .later, causes: causes)
    }
  }

  /// The failure of the system call that set errno just now.
  package static func lastError(_ action: String) -> EffectFailure { system(action, errno: errno) }
}
