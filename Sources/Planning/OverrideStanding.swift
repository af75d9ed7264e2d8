// What is in force by hand, as plans and status show it beside what git asks for.

package import FormationModel

/// One thing in force by hand.
package struct OverrideStanding: Hashable, Codable, Sendable {
  /// What it is.
  package enum Subject: Hashable, Codable, Sendable {
    /// A quantity, and git's.
    case quantity(ProcessType, Int, git: Int)
    /// A size, and git's.
    case size(ProcessType, CatalogName, git: CatalogName)
    /// Slots that stay empty, but for those.
    case stopped(DynoSelector, except: [DynoSelector])
    /// The maintenance page.
    case maintenance(Bool)
  }

  /// What it is.
  package let subject: Subject
  /// Whose order it is.
  package let origin: OrderOrigin
  /// When it ends by itself; nil: it does not.
  package let until: LoopTime?

  /// Makes a standing.
  package init(_ subject: Subject, origin: OrderOrigin, until: LoopTime? = nil) {
    self.subject = subject
    self.origin = origin
    self.until = until
  }

  /// Everything in force by hand but suspensions, which are holds; in a fixed order.
  static func all(of overrides: Overrides) -> [OverrideStanding] {
    var all: [OverrideStanding] = []
    for type in overrides.scales.keys.sorted() {
      if let field = overrides.scales[type]?.quantity {
        all.append(
          OverrideStanding(
            .quantity(type, field.value, git: field.git), origin: field.origin, until: field.until))
      }
      if let field = overrides.scales[type]?.size {
        all.append(
          OverrideStanding(
            .size(type, field.value, git: field.git), origin: field.origin, until: field.until))
      }
    }
    all += overrides.stops.map {
      OverrideStanding(.stopped($0.target, except: $0.exceptions), origin: $0.origin)
    }
    if let maintenance = overrides.maintenance {
      all.append(OverrideStanding(.maintenance(maintenance.isOn), origin: maintenance.origin))
    }
    return all
  }
}

/// A dyno that somebody stopped by hand.
package struct StoppedDyno: Hashable, Codable, Sendable {
  /// Its slot, which stays empty.
  package let slot: SlotID
  /// Who stopped it.
  package let origin: OrderOrigin

  /// Makes an entry.
  package init(slot: SlotID, origin: OrderOrigin) {
    self.slot = slot
    self.origin = origin
  }
}

extension Plan {
  /// When something in force by hand ends by itself next; nil when nothing does.
  package var nextOverrideEnd: LoopTime? {
    apps.flatMap(\.overrides).compactMap(\.until).min()
  }
}
