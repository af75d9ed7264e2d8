// The system calls that a dyno may make: the profile that containers commonly run with, less what
// reaches other namespaces, mounts, keyrings and the machine.

import FoundationEssentials

/// A seccomp profile in OCI's form.
struct SeccompProfile: Hashable, Codable, Sendable {
  /// A rule for some system calls.
  struct Rule: Hashable, Codable, Sendable {
    /// A condition on an argument.
    struct Argument: Hashable, Codable, Sendable {
      let index: Int
      let value: UInt64
      let valueTwo: UInt64?
      let op: String
    }

    let names: [String]
    let action: String
    let errnoRet: Int?
    let args: [Argument]?
  }

  let defaultAction: String
  let defaultErrnoRet: Int
  /// Only the machine's own: 32-bit programs do not run, and half the kernel's entry points are
  /// shut.
  var architectures: [String]?
  let syscalls: [Rule]

  /// The profile of every dyno; nil only when the literal is broken, which a test excludes.
  static let dyno: SeccompProfile? = {
    var profile = try? JSONDecoder().decode(SeccompProfile.self, from: Data(seccompData.utf8))
    #if arch(arm64)
      profile?.architectures = ["SCMP_ARCH_AARCH64"]
    #else
      profile?.architectures = ["SCMP_ARCH_X86_64"]
    #endif
    return profile
  }()
}
