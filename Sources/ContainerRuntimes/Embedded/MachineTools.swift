// The programs of the machine that this runtime calls, by absolute path.

import FormationModel
import Glibc

/// Finds programs.
enum MachineTools {
  /// Where they are looked for; the caller's PATH has no say.
  private static let folders = [
    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
  ]

  /// The absolute path of a program; nil when the machine has none.
  static func path(of name: String) -> String? {
    folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// The absolute path of a program that cannot be done without.
  static func require(_ name: String, package: String) throws(EffectFailure) -> String {
    guard let path = path(of: name) else {
      throw EffectFailure(
        "tool-missing", "\(name) is not installed", fix: "apt-get install \(package)",
        retry: .whenMachineIsMended)
    }
    return path
  }
}
