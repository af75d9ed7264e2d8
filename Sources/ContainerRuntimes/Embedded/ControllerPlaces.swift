// Where one controller keeps what, on the disk and in /run, and the names that are derived from its
// id. Everything that this runtime makes lies below one of these places or begins with the prefix.

import ChildProcesses
import Crypto
import FormationModel
import Glibc

/// The places and name prefixes of one controller on this machine, since this boot.
struct ControllerPlaces: Sendable {
  /// The controller's id.
  let controller: String
  /// The state folder's path.
  let state: String
  /// The id of the present boot.
  let boot: String
  /// `m` and four hexadecimal digits: how names of interfaces and containers begin.
  let prefix: String

  /// Checks both; `boot` is the kernel's boot id.
  init(controller: String, state: String, boot: String) throws(EffectFailure) {
    let isPlain = controller.utf8.allSatisfy {
      $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
    }
    guard isPlain, (1...64).contains(controller.utf8.count) else {
      throw EffectFailure(
        "bad-controller", "a controller id is 1 to 64 letters, digits, - and _",
        retry: .whenMachineIsMended)
    }
    // overlayfs takes its folders as options, in which these two characters separate.
    guard state.hasPrefix("/"), !state.contains(","), !state.contains(":") else {
      throw EffectFailure(
        "bad-state-folder", "the state directory \(state) cannot hold containers",
        fix: "use an absolute path without , and :", retry: .whenMachineIsMended)
    }
    self.controller = controller
    self.state = state
    self.boot = boot
    prefix = "m" + hexadecimal(controller, digits: 4)
  }

  /// One folder for each instance.
  var instances: String { state + "/instances" }
  /// Root file systems by digest.
  var stacks: String { state + "/stacks" }
  /// Slugs by digest.
  var slugs: String { state + "/slugs" }
  /// Output of dynos, by app.
  var logs: String { state + "/logs" }

  /// What lives as long as the boot.
  var run: String { "\(ControllerPlaces.machine)/\(controller)/\(boot.prefix(8))" }
  /// The OCI runtime's own state.
  var oci: String { run + "/oci" }
  /// Exit codes, written by conmon.
  var exits: String { run + "/exits" }
  /// Process ids, written by conmon.
  var pids: String { run + "/pids" }
  /// What all controllers of the machine share: claims of addresses and the lock on them.
  static let machine = "/run/muster"

  /// The cgroup above this controller's instances, from the root of each hierarchy.
  var cgroup: String { "/muster-" + prefix }

  /// The container's name, at most 15 characters, since its network interface is called so too.
  func container(_ id: InstanceID) -> String {
    prefix + hexadecimal("\(controller) \(id.kind.rawValue) \(id)", digits: 10)
  }

  /// Makes the folders that are missing.
  func make() throws(EffectFailure) {
    for folder in [instances, stacks, slugs, logs, oci, exits, pids] {
      try Files.makeFolder(folder, mode: 0o711)
    }
    // Records and bundles hold config vars, slugs are apps' sources. Others may pass through the
    // state folder, on the way to the socket in it; they get no further here. A dyno's own files
    // are mounted for it, so it passes through none of these.
    for folder in [instances, stacks, slugs, logs, oci] where chmod(folder, 0o700) != 0 {
      throw .lastError("cannot protect \(folder)")
    }
  }
}

/// The first digits of a SHA-256.
private func hexadecimal(_ text: String, digits: Int) -> String {
  let digest = SHA256.hash(data: Array(text.utf8))
  let alphabet = Array("0123456789abcdef")
  return String(digest.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }.prefix(digits))
}
