// Where the router keeps its files: what lasts in the state directory, what is gone with the boot
// below /run.

/// The folders of one router.
package struct RouterFolder: Sendable {
  /// What lasts: request logs, the team's certificates. `<state>/router`.
  package let state: String
  /// What is gone with the boot: configuration, maps, sockets, pid. Socket paths end at 108 bytes,
  /// so it is short: `/run/muster/<id>/router`.
  package let run: String

  /// Names the folders; nothing is made.
  package init(state: String, run: String) {
    self.state = state
    self.run = run
  }

  /// All that HAProxy sees of the file system once it runs.
  package var jail: String { "\(run)/jail" }

  /// The pipe through which HAProxy tells of requests.
  package var requests: String { "\(run)/requests" }

  /// The files of one load of HAProxy.
  func generation(_ number: Int) -> Generation { Generation(number: number, run: run) }
}

/// The files of one load of HAProxy. Each load has a folder of its own, which the arguments of its
/// process name: whatever dies in between, a process and the files that it was loaded from are
/// never taken for another's.
struct Generation: Hashable, Sendable {
  /// From 1.
  let number: Int
  /// The router's folder.
  let run: String

  var folder: String { "\(run)/\(number)" }
  var configuration: String { "\(folder)/haproxy.cfg" }
  /// Host → backend.
  var hosts: String { "\(folder)/hosts.map" }
  /// `.example.com` → backend, the longest first.
  var wildcards: String { "\(folder)/wildcards.map" }
  /// Backend → what its visitors get while no dyno takes them.
  var states: String { "\(folder)/states.map" }
  var script: String { "\(folder)/gate.lua" }
  var admin: String { "\(folder)/admin.sock" }
  var pid: String { "\(folder)/pid" }
  /// What cannot be asked of the process: `AppliedConfiguration`.
  var applied: String { "\(folder)/applied.json" }

  func page(_ name: String) -> String { "\(folder)/\(name).http" }
}
