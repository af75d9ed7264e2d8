// What `doctor` tells about a machine.

/// One thing that the embedded runtime needs, and whether the machine has it.
package struct MachineFinding: Hashable, Codable, Sendable {
  /// How it is.
  package enum State: String, Codable, Sendable, CaseIterable {
    /// As it should be.
    case ok
    /// It works, with something missing that the detail names.
    case degraded
    /// No dyno can run until it is there.
    case missing
  }

  /// What was looked at, in a word or two: `oci runtime`.
  package let name: String
  /// How it is.
  package let state: State
  /// What was found and why, for people.
  package let detail: String
  /// What to do; nil when there is nothing to do.
  package let fix: String?

  /// Makes a finding.
  package init(_ name: String, _ state: State, _ detail: String, fix: String? = nil) {
    self.name = name
    self.state = state
    self.detail = detail
    self.fix = fix
  }
}
