// What people ask for by hand, besides git: recorded first, then planned like everything else.

/// One thing that a person asks for by a command.
package struct Order: Hashable, Codable, Sendable {
  /// Who asks.
  package let by: String
  /// When it was asked.
  package let at: LoopTime
  /// Why, in that person's words; nil when nothing was said.
  package let reason: String?
  /// What is asked for.
  package var wish: Wish

  /// Makes an order.
  package init(by: String, at: LoopTime, reason: String? = nil, _ wish: Wish) {
    self.by = by
    self.at = at
    self.reason = reason
    self.wish = wish
  }

  /// Who asked, when and why: what an override keeps of its order.
  package var origin: OrderOrigin { OrderOrigin(by: by, at: at, reason: reason) }
}

/// What a person may ask for.
package enum Wish: Hashable, Codable, Sendable {
  /// Other quantities or sizes than git says, until then at the latest.
  case scale(AppName, [ScaleWish], until: LoopTime?)
  /// These slots stay empty until they are started again.
  case stop(DynoSelector)
  /// Ends a stop.
  case start(DynoSelector)
  /// What runs there is replaced once, and deaths so far count no more.
  case restart(DynoSelector)
  /// What a new commit asks for waits, or everything does.
  case suspend(AppSelection, Suspension)
  /// Ends what was begun by hand: suspensions, scales, stops, maintenance, rollbacks.
  case resume(AppSelection)
  /// Visitors see the maintenance page, or not.
  case maintenance(AppName, Bool)
  /// What failed is tried again at once, held content too.
  case retry(AppName)
  /// The app goes back to a release, and what it leaves is held; nil: to the last one that stood.
  case rollback(AppName, to: Int?)
  /// What the newest removal took comes back, and that removal is held.
  case undo
  /// Consent to what is held.
  case confirm(HoldID)
  /// A one-off dyno is run.
  case run(AppName, OneOffRequest)
}

/// Another quantity or size of one process type.
package struct ScaleWish: Hashable, Codable, Sendable {
  /// The process type.
  package var type: ProcessType
  /// How many dynos; nil: as it is.
  package var quantity: Int?
  /// The dyno type of each; nil: as it is.
  package var size: CatalogName?
  /// What git asks for at that time; the loop notes it before the order is recorded.
  package var git: ProcessScale?

  /// Makes a wish.
  package init(
    _ type: ProcessType, quantity: Int? = nil, size: CatalogName? = nil, git: ProcessScale? = nil
  ) {
    self.type = type
    self.quantity = quantity
    self.size = size
    self.git = git
  }
}

/// Quantity and size of a process type.
package struct ProcessScale: Hashable, Codable, Sendable {
  /// How many dynos.
  package var quantity: Int
  /// The dyno type of each.
  package var size: CatalogName

  /// Makes a scale.
  package init(quantity: Int, size: CatalogName) {
    self.quantity = quantity
    self.size = size
  }
}

/// Dynos of one app: all, those of one process type, or one.
package struct DynoSelector: Hashable, Codable, Sendable, Comparable {
  /// The app.
  package let app: AppName
  /// The process type; nil: all.
  package let process: ProcessType?
  /// The number; nil: all of the type.
  package let ordinal: Int?

  /// Makes a selector; a number without a process type selects nothing.
  package init(_ app: AppName, _ process: ProcessType? = nil, _ ordinal: Int? = nil) {
    self.app = app
    self.process = process
    self.ordinal = ordinal
  }

  /// Whether the slot is one of them.
  package func selects(_ slot: SlotID) -> Bool {
    guard case .app(app) = slot.owner else { return false }
    return selects(slot.process) && (ordinal ?? slot.ordinal) == slot.ordinal
  }

  /// Whether dynos of that process type may be among them.
  package func selects(_ type: ProcessType) -> Bool { (process ?? type) == type }

  /// Whether everything that the other selects is among them.
  package func covers(_ other: DynoSelector) -> Bool {
    app == other.app && (process == nil || process == other.process)
      && (ordinal == nil || ordinal == other.ordinal)
  }

  /// `worker.1`, `worker`, or `all dynos`.
  package var dynoWords: String {
    guard let process else { return "all dynos" }
    return ordinal.map { "\(process).\($0)" } ?? process.rawValue
  }

  /// By app, process type, number; the wider one first.
  package static func < (left: DynoSelector, right: DynoSelector) -> Bool {
    (left.app, left.process?.rawValue ?? "", left.ordinal ?? 0)
      < (right.app, right.process?.rawValue ?? "", right.ordinal ?? 0)
  }
}

extension DynoSelector: CustomStringConvertible {
  /// `shop`, `shop/worker`, `shop/worker.1`: as commands take it.
  package var description: String {
    guard let process else { return app.rawValue }
    return "\(app)/\(process)" + (ordinal.map { ".\($0)" } ?? "")
  }
}

/// Some apps, or all of them, those to come too.
package enum AppSelection: Hashable, Codable, Sendable {
  /// These.
  case apps([AppName])
  /// All.
  case all
}

/// Who asked for something, when and why.
package struct OrderOrigin: Hashable, Codable, Sendable {
  /// Who.
  package let by: String
  /// When.
  package let at: LoopTime
  /// Why; nil when nothing was said.
  package let reason: String?

  /// Makes an origin.
  package init(by: String, at: LoopTime, reason: String? = nil) {
    self.by = by
    self.at = at
    self.reason = reason
  }
}
