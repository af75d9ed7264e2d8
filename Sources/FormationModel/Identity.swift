// Who is who: slots, instances, and the text forms that records, labels and file names carry.

/// Who a slot belongs to.
package enum SlotOwner: Hashable, Codable, Sendable, Comparable {
  /// An app's formation.
  case app(AppName)
  /// An add-on service of an app, by name.
  case addon(AppName, CatalogName)
  /// Muster itself.
  case system(CatalogName)

  /// Apps first, then add-ons, then the system; by name within each.
  package static func < (left: SlotOwner, right: SlotOwner) -> Bool {
    switch (left, right) {
    case (.app(let left), .app(let right)): left < right
    case (.addon(let leftApp, let left), .addon(let rightApp, let right)):
      (leftApp, left) < (rightApp, right)
    case (.system(let left), .system(let right)): left < right
    case (.app, _), (.addon, .system): true
    case (.addon, .app), (.system, _): false
    }
  }
}

/// A place in a formation: `web.1` of an app.
package struct SlotID: Hashable, Codable, Sendable, Comparable {
  /// Who it belongs to.
  package let owner: SlotOwner
  /// The process type.
  package let process: ProcessType
  /// The number, from 1.
  package let ordinal: Int

  /// Makes an id.
  package init(owner: SlotOwner, process: ProcessType, ordinal: Int) {
    self.owner = owner
    self.process = process
    self.ordinal = ordinal
  }

  /// Makes the id of an app's dyno.
  package init(_ app: AppName, _ process: ProcessType, _ ordinal: Int) {
    self.init(owner: .app(app), process: process, ordinal: ordinal)
  }

  /// The app; nil for what belongs to the system.
  package var app: AppName? {
    switch owner {
    case .app(let app), .addon(let app, _): app
    case .system: nil
    }
  }

  /// `web.1`: the dyno's name within its app.
  package var dynoName: String { "\(process).\(ordinal)" }

  /// By owner, process type, number.
  package static func < (left: SlotID, right: SlotID) -> Bool {
    if left.owner != right.owner { return left.owner < right.owner }
    if left.process != right.process { return left.process < right.process }
    return left.ordinal < right.ordinal
  }
}

/// What an instance is for.
package enum InstanceKind: String, Codable, Sendable, CaseIterable {
  /// A dyno of the formation.
  case dyno
  /// A service of an add-on.
  case service
  /// A one-off dyno by command.
  case oneOff = "one-off"
  /// The release command.
  case release
  /// A scheduled job.
  case job
}

/// One container that fills a slot. An id is used once: a new try is a new attempt.
package struct InstanceID: Hashable, Codable, Sendable, Comparable {
  /// The slot it fills.
  package let slot: SlotID
  /// What it is for.
  package let kind: InstanceKind
  /// The release it runs.
  package let release: Int
  /// 1 + the highest attempt ever seen or stored for the slot.
  package let attempt: Int

  /// Makes an id.
  package init(slot: SlotID, kind: InstanceKind = .dyno, release: Int, attempt: Int) {
    self.slot = slot
    self.kind = kind
    self.release = release
    self.attempt = attempt
  }

  /// By slot, then attempt, then release.
  package static func < (left: InstanceID, right: InstanceID) -> Bool {
    if left.slot != right.slot { return left.slot < right.slot }
    return (left.attempt, left.release) < (right.attempt, right.release)
  }
}

extension InstanceID: CustomStringConvertible {
  /// `storefront.web.1.v7.3`: app, slot, release, attempt. It contains only `[A-Za-z0-9_.-]`, so it
  /// can name files. Instances of add-ons and of the system start with `addon.` and `system.`.
  package var description: String {
    let tail = "\(slot.process).\(slot.ordinal).v\(release).\(attempt)"
    return switch slot.owner {
    case .app(let app): "\(app).\(tail)"
    case .addon(let app, let name): "addon.\(app).\(name).\(tail)"
    case .system(let name): "system.\(name).\(tail)"
    }
  }
}

extension InstanceID {
  /// Reads `description`, of a dyno's instance unless said otherwise; nil when the text is no such
  /// thing. Whoever goes by a name alone knows who somebody says to be, not who it is.
  package init?(_ text: String, kind: InstanceKind = .dyno) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 5, let attempt = Self.number(parts[parts.count - 1]),
      parts[parts.count - 2].hasPrefix("v"),
      let release = Self.number(String(parts[parts.count - 2].dropFirst())),
      let ordinal = Self.number(parts[parts.count - 3]),
      let process = ProcessType(rawValue: parts[parts.count - 4]),
      let owner = SlotOwner(parts.dropLast(4))
    else { return nil }
    let slot = SlotID(owner: owner, process: process, ordinal: ordinal)
    self.init(slot: slot, kind: kind, release: release, attempt: attempt)
  }

  /// A number from 0 as it is printed: digits, without a needless zero in front.
  private static func number(_ text: String) -> Int? {
    Int(text).flatMap { $0 >= 0 && "\($0)" == text ? $0 : nil }
  }
}

extension SlotOwner {
  /// The owner that begins an id; catalog names may have dots in them.
  fileprivate init?(_ parts: ArraySlice<String>) {
    let rest = parts.dropFirst()
    switch (parts.first, rest.count) {
    case (let name?, 0):
      guard let app = AppName(rawValue: name) else { return nil }
      self = .app(app)
    case ("addon", 2...):
      guard let app = rest.first.flatMap(AppName.init(rawValue:)),
        let name = CatalogName(rawValue: rest.dropFirst().joined(separator: "."))
      else { return nil }
      self = .addon(app, name)
    case ("system", 1...):
      guard let name = CatalogName(rawValue: rest.joined(separator: ".")) else { return nil }
      self = .system(name)
    default: return nil
    }
  }
}
