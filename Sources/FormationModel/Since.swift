// Since when things are as they are: what people ask first when something does not work.

/// Something whose state has a beginning.
package enum SinceSubject: Hashable, Codable, Sendable {
  /// Whether an app matches git.
  case sync(AppName)
  /// Whether an app is well.
  case health(AppName)
  /// A hold.
  case hold(HoldID)
  /// A dyno that dies early again and again.
  case crashes(SlotID)
}

extension SinceSubject: CustomStringConvertible, Comparable {
  /// `health of shop`, `crashes of shop.worker.1`.
  package var description: String {
    switch self {
    case .sync(let app): "sync of \(app)"
    case .health(let app): "health of \(app)"
    case .hold(let hold): "hold \(hold)"
    case .crashes(let slot): "crashes of \(slot.app.map { "\($0)." } ?? "")\(slot.dynoName)"
    }
  }

  /// By kind, then by name.
  package static func < (left: SinceSubject, right: SinceSubject) -> Bool {
    switch (left, right) {
    case (.crashes(let left), .crashes(let right)): left < right
    default: left.description < right.description
    }
  }
}

/// A state and when it began.
package struct Since: Hashable, Codable, Sendable {
  /// The state, `OutOfSync/Held`: another one begins anew.
  package let state: String
  /// When it began.
  package let at: LoopTime

  /// Makes an entry.
  package init(_ state: String, at: LoopTime) {
    self.state = state
    self.at = at
  }
}

extension Memory {
  /// Since when the subject is in that state; nil when that is not known.
  package func since(_ subject: SinceSubject, _ state: String) -> LoopTime? {
    since[subject].flatMap { $0.state == state ? $0.at : nil }
  }

  /// Since when each of the holds is known.
  package func since(_ holds: [HoldID]) -> [HoldID: LoopTime] {
    holds.reduce(into: [:]) { $0[$1] = since[.hold($1)]?.at }
  }

  /// Since when each of the dynos dies again and again.
  package func crashing(_ slots: [SlotID]) -> [SlotID: LoopTime] {
    slots.reduce(into: [:]) { $0[$1] = since[.crashes($1)]?.at }
  }
}
