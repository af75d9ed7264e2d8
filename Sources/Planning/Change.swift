// One change that a plan shows: what people read in a pull request.

package import FormationModel

/// A start, stop, replace or release, with its reason.
package struct Change: Hashable, Codable, Sendable {
  /// What is done.
  package enum Action: String, Codable, Sendable, CaseIterable {
    /// A slot that is empty gets an instance.
    case start
    /// A slot that is not wanted any more is emptied.
    case stop
    /// A slot gets another instance than the one it has.
    case replace
    /// A release is recorded.
    case release
    /// The router does something else for the app, besides following its dynos.
    case route
  }

  /// What is done.
  package let action: Action
  /// The app.
  package let app: AppName
  /// The slot; nil for a release and for routes.
  package let slot: SlotID?
  /// The release that was; nil when there was none, and for routes.
  package let from: Int?
  /// The release that will be; nil for a stop and for routes.
  package let to: Int?
  /// Why.
  package let reason: Reason
  /// The field of the manifest behind it; nil when the manifest is not the cause (repair).
  package let because: Because?
  /// Why the dyno is stopped before its successor starts, where the other way round was asked for.
  package let gap: MemoryGap?

  /// Makes a change.
  package init(
    _ action: Action, app: AppName, slot: SlotID? = nil, from: Int? = nil, to: Int? = nil,
    _ reason: Reason, because: Because? = nil, gap: MemoryGap? = nil
  ) {
    self.action = action
    self.app = app
    self.slot = slot
    self.from = from
    self.to = to
    self.reason = reason
    self.because = because
    self.gap = gap
  }
}

/// The field behind a change, and where it is written.
package struct Because: Hashable, Codable, Sendable {
  /// The field, from, to.
  package let change: FieldChange
  /// Where the field is written; nil when it is a default.
  package let mark: SourceMark?

  /// Makes a cause. A new version of a secret is written in no file: it came by a command.
  package init(_ change: FieldChange, at mark: SourceMark?) {
    self.change = change
    self.mark = change.secret == nil ? mark : nil
  }
}
