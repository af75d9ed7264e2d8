// What a check finds.

/// An invariant that does not hold, and what was seen.
struct Violation: Hashable, Sendable {
  let invariant: Invariant
  let story: String

  init(_ invariant: Invariant, _ story: String) {
    self.invariant = invariant
    self.story = story
  }
}
