// What `gc` frees, or would free: each piece with its reason, then a sum.

package import FormationModel
package import Planning

/// What became of the pieces that may go.
package struct CollectionReport: Sendable {
  /// One piece.
  package struct Entry: Sendable {
    /// What, and why.
    package let collected: CollectedItem
    /// How removing it ended; nil when it was only planned.
    package let outcome: Outcome?

    /// Makes an entry.
    package init(_ collected: CollectedItem, _ outcome: Outcome?) {
      self.collected = collected
      self.outcome = outcome
    }

    var hasFailed: Bool {
      if case .failed = outcome { true } else { false }
    }
  }

  /// A mirror that was to be packed.
  package struct Packing: Sendable {
    /// Its name.
    package let mirror: String
    /// Bytes that it takes less; nil when it was left as it is.
    package let freed: Int64?
    /// Why it was left as it is; nil when it was not.
    package let skipped: String?

    /// Makes an entry.
    package init(mirror: String, freed: Int64?, skipped: String?) {
      self.mirror = mirror
      self.freed = freed
      self.skipped = skipped
    }
  }

  /// Whether nothing was removed because that was asked for.
  package let isDry: Bool
  /// The pieces.
  package let entries: [Entry]
  /// Mirrors that were packed, or would be.
  package let packings: [Packing]
  /// The space afterwards.
  package let space: DiskSpace

  /// Puts a report together.
  package init(isDry: Bool, entries: [Entry], packings: [Packing], space: DiskSpace) {
    self.isDry = isDry
    self.entries = entries
    self.packings = packings
    self.space = space
  }

  /// Whether something could not be removed.
  package var hasFailures: Bool { entries.contains(where: \.hasFailed) }

  /// Bytes that were freed, or would be.
  package var bytes: Int64 {
    entries.filter { !$0.hasFailed }.reduce(0) { $0 + $1.collected.item.bytes }
      + packings.reduce(0) { $0 + ($1.freed ?? 0) }
  }
}

/// Renders what was freed as text.
package struct CollectionText: Sendable {
  /// Colour or not.
  package var style: TextStyle

  /// Makes a renderer.
  package init(style: TextStyle = .plain) { self.style = style }

  /// A line for each piece, then the sum.
  package func render(_ report: CollectionReport) -> String {
    var table = TextTable()
    for entry in report.entries {
      let item = entry.collected.item
      table.add([
        .init("-", .bad), .init(Self.title(item)), .init(BytesText.words(item.bytes)),
        .init(CollectionReasonText.words(entry.collected.reason), .quiet),
        .init(Self.failure(entry), .bad),
      ])
    }
    let packings = report.packings.map { packing in
      let name = "mirror \(packing.mirror.prefix(12))"
      if let why = packing.skipped { return "\(name) was not packed: \(why.escapingControls)" }
      guard let freed = packing.freed else { return "\(name) would be packed" }
      return "\(name) was packed: \(BytesText.words(freed)) less"
    }
    return (table.lines(style) + packings + [summary(report)]).map { $0 + "\n" }.joined()
  }

  private static func title(_ item: StoredItem) -> String {
    let isDigest = item.kind == .slug || item.kind == .stack || item.kind == .mirror
    return "\(StoredKindText.one(item.kind)) \(isDigest ? String(item.name.prefix(12)) : item.name)"
  }

  private static func failure(_ entry: CollectionReport.Entry) -> String {
    if case .failed(let failure)? = entry.outcome { "not removed: \(failure.message)" } else { "" }
  }

  private func summary(_ report: CollectionReport) -> String {
    let done = report.entries.filter { !$0.hasFailed }
    let counts = StoredKind.allCases.compactMap { kind -> String? in
      let count = done.count { $0.collected.item.kind == kind }
      return count == 0 ? nil : StoredKindText.count(count, kind)
    }
    let free = "\(BytesText.words(report.space.free)) are free."
    if counts.isEmpty && report.bytes == 0 {
      return report.hasFailures ? "Nothing was freed. \(free)" : "Nothing to free. \(free)"
    }
    let what = counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))"
    return
      "\(report.isDry ? "Would free" : "Freed") \(BytesText.words(report.bytes))\(what). \(free)"
  }
}

/// Words for reasons to remove something.
package enum CollectionReasonText {
  /// The reason in a few words.
  package static func words(_ reason: CollectionReason) -> String {
    switch reason {
    case .unreferenced: "no kept release, dyno or commit in force needs it"
    case .superseded(let id): "\(id) runs in its place"
    case .slotGone: "its dyno is gone from the formation"
    case .outlived: "newer output of its dyno is kept"
    case .unfinished: "left by an interruption"
    case .repositoryUnused: "no repository in use"
    }
  }

  /// The reason as programs read it.
  static func code(_ reason: CollectionReason) -> String {
    switch reason {
    case .unreferenced: "unreferenced"
    case .superseded: "superseded"
    case .slotGone: "slot-gone"
    case .outlived: "outlived"
    case .unfinished: "unfinished"
    case .repositoryUnused: "repository-unused"
    }
  }
}

/// Renders what was freed as JSON.
package enum CollectionJSON {
  /// `{"format":1,"dry":…,"freed":…,"items":[…],"mirrors":[…],"free":…}`.
  package static func document(_ report: CollectionReport) -> JSONValue {
    [
      "format": .number(1), "dry": .boolean(report.isDry), "freed": .bytes(report.bytes),
      "free": .bytes(report.space.free),
      "items": .array(
        report.entries.map { entry in
          var failure: String?
          if case .failed(let reason)? = entry.outcome { failure = reason.code }
          return [
            "kind": .string(entry.collected.item.kind.rawValue),
            "name": .string(entry.collected.item.name),
            "bytes": .bytes(entry.collected.item.bytes),
            "reason": .string(CollectionReasonText.code(entry.collected.reason)),
            "failure": .optional(failure),
          ]
        }),
      "mirrors": .array(
        report.packings.map { packing in
          [
            "name": .string(packing.mirror),
            "freed": packing.freed.map { .bytes($0) } ?? .null,
            "skipped": .optional(packing.skipped),
          ]
        }),
    ]
  }
}
