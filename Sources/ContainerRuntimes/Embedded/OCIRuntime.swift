// The OCI runtime: crun where it works, else runc. What it is asked to do, and how it is called.

import ChildProcesses
import FormationModel
import Glibc

/// Which OCI runtime to use.
package enum OCIRuntimeChoice: String, Sendable, CaseIterable {
  /// crun where it works, else runc.
  case automatic
  case crun
  case runc
}

/// crun or runc, with its state below one folder of ours.
struct OCIRuntime: Sendable {
  /// Its path.
  let program: String
  /// Why this one.
  let reason: String
  /// Its state folder.
  let root: String
  /// The hierarchy to hide from `create`; nil when nothing is in its way.
  private let hidden: String?

  /// Chooses one for this machine.
  static func find(
    _ choice: OCIRuntimeChoice, cgroups: Cgroups, root: String
  ) throws(EffectFailure) -> OCIRuntime {
    let crun = MachineTools.path(of: "crun")
    let runc = MachineTools.path(of: "runc")
    let unshare = MachineTools.path(of: "unshare")
    if let crun, choice != .runc {
      guard let disturbing = cgroups.disturbing else {
        return OCIRuntime(
          program: crun, reason: "crun works with \(cgroups.mode.rawValue) cgroups", root: root,
          hidden: nil)
      }
      if unshare != nil {
        return OCIRuntime(
          program: crun, reason: "crun works once \(disturbing) is hidden from it", root: root,
          hidden: disturbing)
      }
    }
    if let runc, choice != .crun {
      let reason = crun == nil ? "crun is not installed" : "crun does not work here"
      return OCIRuntime(program: runc, reason: reason, root: root, hidden: nil)
    }
    throw EffectFailure(
      "no-oci-runtime", "neither crun nor runc is installed",
      fix: "apt-get install crun", retry: .whenMachineIsMended)
  }

  /// The program that conmon calls, and the arguments that come before the runtime's command. crun
  /// 1.8 refuses to create a container where both cgroup versions hold controllers, so it is run in
  /// a mount namespace of its own, without the second one. The script is constant: data are words.
  var creation: (program: String, arguments: [String]) {
    guard let hidden, let unshare = MachineTools.path(of: "unshare") else {
      return (program, ["--root=\(root)"])
    }
    let script = #"umount "$1" && shift && exec "$@""#
    return (
      unshare,
      [
        "-m", "--propagation=private", "/bin/sh", "-c", script, "sh", hidden, program,
        "--root=\(root)",
      ]
    )
  }

  /// Lets a created container run. A second start of the same one is refused by the runtime.
  func start(_ container: String) throws(EffectFailure) {
    let result = try command(["start", container]).run()
    guard result.code == 0 else {
      let words = result.errors.split(separator: "\n").last.map(String.init)
      throw EffectFailure(
        "start-failed", "the container was not started: \(words ?? "exit \(result.code)")",
        retry: .afterObserving, causes: result.causes(program))
    }
  }

  /// Removes a container that does not run, from its own books too.
  func delete(_ container: String) throws(EffectFailure) {
    guard Files.exists("\(root)/\(container)") else { return }
    let result = try command(["delete", "--force", container]).run()
    // What it could not make sense of, a creation that was cut short, is ours all the same.
    if result.code != 0 { try Files.removeTree("\(root)/\(container)") }
  }

  /// Whether a container was created and not started: its first process waits at this pipe.
  static func isWaiting(_ container: String, root: String) -> Bool {
    Files.exists("\(root)/\(container)/exec.fifo")
  }

  /// Whether the process is the runtime's own, about to become the dyno's.
  static func isRuntime(named name: String) -> Bool {
    name == "crun" || name.hasPrefix("runc")
  }

  /// The first line of its version.
  func version() -> String? {
    let result = try? Command(program, ["--version"]).run()
    return result?.output.split(separator: "\n").first.map(String.init)
  }

  private func command(_ arguments: [String]) -> Command {
    Command(program, ["--root=\(root)"] + arguments)
  }
}
