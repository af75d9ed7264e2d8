// Other repositories that a diff was told not to look at: named, so that nobody takes silence for
// "no changes".

package import FormationModel

/// A source that was left out of a diff.
package struct UnseenSource: Hashable, Sendable {
  /// Where the diff's two sides name it.
  package enum Kind: String, Sendable, CaseIterable {
    case added, removed, both
  }

  /// The source.
  package let source: AppSource
  /// Which side names it.
  package let kind: Kind

  /// The sources that either side left out, sorted.
  static func all(base: [SourceStanding], head: [SourceStanding]) -> [UnseenSource] {
    func unseen(_ standings: [SourceStanding]) -> Set<AppSource> {
      Set(
        standings.filter { $0.failure?.code == SourceFailure.notLookedAt }.map(\.source))
    }
    let before = unseen(base)
    let after = unseen(head)
    return before.union(after).sorted().map { source in
      let kind: Kind =
        !before.contains(source) ? .added : !after.contains(source) ? .removed : .both
      return UnseenSource(source: source, kind: kind)
    }
  }

  /// One line for people, without a full stop.
  package var words: String {
    let name = source.description.escapingControls
    return switch kind {
    case .added: "apps of \(name) come in; they are remote and were not looked at"
    case .removed: "apps of \(name) leave; they are remote and were not looked at"
    case .both: "not looked at: \(name) (remote; --fetch reads it)"
    }
  }
}
