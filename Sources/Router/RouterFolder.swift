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
}
