// What a failing system call means for people: one code, one line and one fix for each errno that a
// state directory meets. Nothing outside this file words an errno.

import FormationModel
import Glibc

/// A system call that failed.
struct SystemFailure: Error {
  /// What was being done, as it reads after "cannot": `write the lock file`.
  let action: String
  /// The file or folder.
  let path: String
  /// The error number.
  let number: Int32

  /// Takes the error number of the call that just failed.
  init(_ action: String, _ path: String, number: Int32 = errno) {
    self.action = action
    self.path = path
    self.number = number
  }

  /// What the kernel said.
  private var causes: [String] {
    number == 0
      ? [] : ["the kernel said to \(action) \(path): \(String(cString: strerror(number)))"]
  }

  /// The failure as callers of the store see it.
  var effect: EffectFailure {
    let causes = self.causes
    return switch number {
    case EACCES, EPERM:
      EffectFailure(
        "state-no-permission",
        "cannot \(action) \(path): permission denied for \(UserName.current)",
        fix: "run as the state directory's owner (sudo muster …), or use --state DIR",
        retry: .whenMachineIsMended, causes: causes)
    case ENOSPC, EDQUOT:
      EffectFailure(
        "disk-full", "cannot \(action) \(path): no space left on its file system",
        fix: "free space there, then run muster again; what is running is not touched",
        retry: .whenMachineIsMended, causes: causes)
    case EROFS:
      EffectFailure(
        "state-read-only-disk", "cannot \(action) \(path): its file system is read-only",
        fix: "mount it for writing, or use --state DIR", retry: .whenMachineIsMended,
        causes: causes)
    case ENAMETOOLONG:
      EffectFailure(
        "state-name-too-long", "cannot \(action) \(path): the name is too long for a file",
        fix: "shorten the name", retry: .withNewContent, causes: causes)
    default:
      EffectFailure(
        "state-unreadable", "cannot \(action) \(path): \(String(cString: strerror(number)))",
        fix: "mend the file system, or use --state DIR", retry: .whenMachineIsMended,
        causes: causes)
    }
  }
}

/// Users as messages name them.
enum UserName {
  /// Who runs this process.
  static var current: String { of(geteuid()) }

  /// `ada (1000)`, or `user 1000` when the machine has no name for it.
  static func of(_ user: uid_t) -> String {
    guard let entry = getpwuid(user), let name = entry.pointee.pw_name else {
      return "user \(user)"
    }
    return "\(String(cString: name)) (\(user))"
  }
}
