// What is in force by hand, laid over what git asks for. It never changes what was taken over from
// git: when it ends, git counts again.

/// What is in force by hand for one app.
package struct Overrides: Hashable, Codable, Sendable {
  /// Quantities and sizes by process type.
  package var scales: [ProcessType: ScaleOverride]
  /// Slots that are to stay empty, sorted.
  package var stops: [StopOverride]
  /// What waits; nil: nothing does.
  package var suspension: SuspensionOverride?
  /// The maintenance page; nil: git says.
  package var maintenance: MaintenanceOverride?
  /// Contents that were left and do not come back by themselves, the newest last.
  package var heldContents: [HeldContent]
  /// The content that was gone back to last; nil: none.
  package var standIn: ReleaseContent?

  /// Makes overrides; none.
  package init() {
    scales = [:]
    stops = []
    heldContents = []
  }

  /// Reads overrides; those of a Muster before there were rollbacks hold no content.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    scales = try fields.decode([ProcessType: ScaleOverride].self, forKey: .scales)
    stops = try fields.decode([StopOverride].self, forKey: .stops)
    suspension = try fields.decodeIfPresent(SuspensionOverride.self, forKey: .suspension)
    maintenance = try fields.decodeIfPresent(MaintenanceOverride.self, forKey: .maintenance)
    heldContents = try fields.decodeIfPresent([HeldContent].self, forKey: .heldContents) ?? []
    standIn = try fields.decodeIfPresent(ReleaseContent.self, forKey: .standIn)
  }

  /// Whether nothing is in force by hand.
  package var isEmpty: Bool { self == Overrides() }

  /// Whether somebody stopped the slot.
  package func stop(of slot: SlotID) -> StopOverride? { stops.first { $0.selects(slot) } }
}

/// A field that is in force by hand.
package struct FieldOverride<Value: Hashable & Codable & Sendable>: Hashable, Codable, Sendable {
  /// What is in force.
  package var value: Value
  /// What git asked for when the order came. Once git asks for something else, the override ends.
  package var git: Value
  /// When it ends by itself; nil: never.
  package var until: LoopTime?
  /// Whose order it is.
  package var origin: OrderOrigin

  /// Makes an override.
  package init(_ value: Value, git: Value, until: LoopTime?, origin: OrderOrigin) {
    self.value = value
    self.git = git
    self.until = until
    self.origin = origin
  }
}

/// Quantity and size of a process type by hand. Each ends on its own.
package struct ScaleOverride: Hashable, Codable, Sendable {
  /// How many dynos; nil: git says.
  package var quantity: FieldOverride<Int>?
  /// The dyno type; nil: git says.
  package var size: FieldOverride<CatalogName>?

  /// Makes an override of nothing.
  package init() {}
}

/// Slots that stay empty until somebody starts them.
package struct StopOverride: Hashable, Codable, Sendable {
  /// Which.
  package let target: DynoSelector
  /// Those among them that were started again, sorted.
  package var exceptions: [DynoSelector]
  /// Whose order it is.
  package let origin: OrderOrigin

  /// Makes a stop.
  package init(_ target: DynoSelector, except: [DynoSelector] = [], origin: OrderOrigin) {
    self.target = target
    exceptions = except
    self.origin = origin
  }

  /// Whether the slot is to stay empty.
  package func selects(_ slot: SlotID) -> Bool {
    target.selects(slot) && !exceptions.contains { $0.selects(slot) }
  }
}

/// A suspension by hand.
package struct SuspensionOverride: Hashable, Codable, Sendable {
  /// What waits; never `none`.
  package let suspension: Suspension
  /// Whose order it is.
  package let origin: OrderOrigin

  /// Makes a suspension.
  package init(_ suspension: Suspension, origin: OrderOrigin) {
    self.suspension = suspension
    self.origin = origin
  }
}

/// The maintenance page by hand.
package struct MaintenanceOverride: Hashable, Codable, Sendable {
  /// Whether visitors see it.
  package let isOn: Bool
  /// Whose order it is.
  package let origin: OrderOrigin

  /// Makes an override.
  package init(isOn: Bool, origin: OrderOrigin) {
    self.isOn = isOn
    self.origin = origin
  }
}

/// A restart that was asked for: every attempt up to this one is to be replaced. Attempts, not
/// times, so that a clock that jumps does no harm.
package struct RestartMark: Hashable, Codable, Sendable {
  /// The last attempt that is to go.
  package let attempt: Int
  /// Who asked.
  package let by: String

  /// Makes a mark.
  package init(attempt: Int, by: String) {
    self.attempt = attempt
    self.by = by
  }
}

/// Something in force by hand that ended by itself.
package struct OverrideEnd: Hashable, Codable, Sendable {
  /// What ended.
  package enum Subject: Hashable, Codable, Sendable {
    /// A quantity by hand.
    case quantity(ProcessType)
    /// A size by hand.
    case size(ProcessType)
    /// A stop.
    case stop(DynoSelector)
  }

  /// Why it ended.
  package enum Cause: String, Codable, Sendable, CaseIterable {
    /// Its time was over.
    case timeOver = "time-over"
    /// A commit changed the field.
    case changedInGit = "changed-in-git"
    /// The process type left git.
    case removedFromGit = "removed-from-git"
  }

  /// What ended.
  package let subject: Subject
  /// Why.
  package let cause: Cause

  /// Makes an end.
  package init(_ subject: Subject, _ cause: Cause) {
    self.subject = subject
    self.cause = cause
  }
}

extension Suspension {
  /// The one that lets less pass.
  package func stricter(_ other: Suspension) -> Suspension {
    let order: [Suspension] = [.none, .deploys, .everything]
    return (order.firstIndex(of: self) ?? 0) >= (order.firstIndex(of: other) ?? 0) ? self : other
  }
}
