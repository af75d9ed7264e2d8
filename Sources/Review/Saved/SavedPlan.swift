// A plan in a file, to be carried out later just as it is: what it was made from, and every change.
// It holds no values of config vars: changes are the words that people read.

package import FormationModel
package import Planning

/// A saved plan.
package struct SavedPlan: Hashable, Sendable {
  /// The version of the file's form that this program writes and reads.
  package static let format = 1

  /// What a plan was made from.
  package struct Basis: Hashable, Sendable {
    /// The commit.
    package var revision: RevisionID?
    /// The controller's short id; nil for a state directory that had none yet.
    package var controller: String?
    /// A digest of repository, ref, environment and runtime.
    package var binding: String
    /// A keyed digest of what was remembered.
    package var memory: String
    /// A keyed digest of what ran.
    package var observation: String
    /// Apps that were to be acted on, sorted; nil: all.
    package var only: [AppName]?

    /// Makes a basis.
    package init(
      revision: RevisionID?, controller: String?, binding: String, memory: String,
      observation: String, only: [AppName]?
    ) {
      self.revision = revision
      self.controller = controller
      self.binding = binding
      self.memory = memory
      self.observation = observation
      self.only = only
    }
  }

  /// One change.
  package struct Entry: Hashable, Sendable {
    /// The app.
    package let app: AppName
    /// What is done.
    package let action: Change.Action
    /// The process type; nil for a release.
    package let process: ProcessType?
    /// The dyno's number; nil for a release.
    package let ordinal: Int?
    /// The release that was; nil when there was none.
    package let from: Int?
    /// The release that will be; nil for a stop.
    package let to: Int?
    /// Why, in the words that a plan prints.
    package let words: String

    /// `± shop web.1  v6 → v7  image changed`.
    package var line: String {
      let subject = process.map { "\($0).\(ordinal ?? 0)" } ?? "release"
      let releases = [from, to].compactMap { $0.map { "v\($0)" } }.joined(separator: " → ")
      return "\(PlanText.sign(action)) \(app) \(subject)  \(releases)  \(words)"
    }
  }

  /// What it was made from.
  package let basis: Basis
  /// The changes, in their order.
  package let entries: [Entry]

  /// Saves a plan.
  package init(_ plan: Plan, basis: Basis) {
    self.basis = basis
    entries = plan.changes.map(Entry.init)
  }

  /// Puts together what was read.
  init(basis: Basis, entries: [Entry]) {
    self.basis = basis
    self.entries = entries
  }

  /// What a run that carries it out may do.
  package var bounds: SavedChanges {
    let targets = entries.map { entry in
      let slot = entry.process.map { SlotID(entry.app, $0, entry.ordinal ?? 0) }
      return SavedChanges.Target(
        app: entry.app, slot: slot, release: entry.action == .stop ? nil : entry.to)
    }
    return SavedChanges(revision: basis.revision, targets: Set(targets))
  }
}

extension SavedPlan.Entry {
  /// A change of a plan.
  init(_ change: Change) {
    app = change.app
    action = change.action
    process = change.slot?.process
    ordinal = change.slot?.ordinal
    from = change.from
    to = change.to
    words = ReasonText.words(change.reason)
  }
}

// MARK: - Staleness

extension SavedPlan {
  /// Why it cannot be carried out now, in lines for people; empty when it is what would be planned
  /// now. `now` is what a plan that is made now would be saved as.
  package func differences(from now: SavedPlan) -> [String] {
    if basis.binding != now.basis.binding {
      return ["it was made for another repository, ref, environment or runtime"]
    }
    // A state directory that was new then may have got its identity since: then the changes tell.
    if let controller = basis.controller, controller != now.basis.controller {
      return ["it was made with another state directory"]
    }
    var lines: [String] = []
    if basis.revision != now.basis.revision {
      let (old, new) = (basis.revision?.short ?? "none", now.basis.revision?.short ?? "none")
      lines.append("it was made for commit \(old), and git now asks for \(new)")
    }
    let gone = entries.filter { !now.entries.contains($0) }
    let added = now.entries.filter { !entries.contains($0) }
    guard !gone.isEmpty || !added.isEmpty || entries != now.entries else { return lines }
    if basis.memory != now.basis.memory { lines.append("what is remembered has changed since") }
    if basis.observation != now.basis.observation { lines.append("what runs has changed since") }
    lines += gone.map { "no longer: \($0.line)" }
    lines += added.map { "now also: \($0.line)" }
    if gone.isEmpty && added.isEmpty { lines.append("the same changes, in another order") }
    return lines
  }
}
