// What takes disk, memory and time, by kind.

package import FormationModel

/// What takes disk, memory and time on a machine.
package struct UsageReport: Sendable {
  /// One kind of thing on the disk.
  struct Row {
    let kind: StoredKind
    let count: Int
    let bytes: Int64
  }

  /// One kind of process.
  struct Work {
    let name: String
    let count: Int
    let memoryBytes: Int64
    let cpuShare: Double?
  }

  /// The space of the state directory's file system.
  let space: DiskSpace
  /// Kinds that there are, the largest first.
  let rows: [Row]
  /// Dynos, their monitors, Muster.
  let work: [Work]

  /// Puts a report together.
  package init(
    _ inventory: [StoredItem], space: DiskSpace, from first: MachineSample,
    to second: MachineSample
  ) {
    self.space = space
    let byKind = Dictionary(grouping: inventory, by: \.kind)
    rows = StoredKind.allCases.compactMap { kind -> Row? in
      guard let items = byKind[kind] else { return nil }
      return Row(kind: kind, count: items.count, bytes: items.reduce(0) { $0 + $1.bytes })
    }.sorted { $0.bytes > $1.bytes }
    let window = SampleWindow(from: first, to: second)
    let shares = second.instances.keys.sorted().compactMap { window.cpuShare(of: $0) }
    let memory = second.instances.values.reduce(0) { $0 + $1.memory.total }
    work = [
      Work(
        name: "dynos", count: second.instances.count, memoryBytes: memory,
        cpuShare: shares.isEmpty ? nil : shares.reduce(0, +)),
      Work(
        name: "monitors", count: second.monitors.count, memoryBytes: second.monitors.memoryBytes,
        cpuShare: window.monitorShare),
      Work(
        name: "muster", count: second.muster.count, memoryBytes: second.muster.memoryBytes,
        cpuShare: window.musterShare),
    ]
  }

  /// Bytes of everything on the disk.
  var total: Int64 { rows.reduce(0) { $0 + $1.bytes } }
  /// Whether so little is free that new releases are to wait.
  var isLow: Bool { space.free < space.lowMark }
}

/// Words for kinds of things on the disk.
enum StoredKindText {
  /// `2 slugs`, `1 slug`.
  static func count(_ count: Int, _ kind: StoredKind) -> String {
    "\(count) \(count == 1 ? one(kind) : many(kind))"
  }

  static func one(_ kind: StoredKind) -> String {
    switch kind {
    case .writable: "dyno's writable files"
    case .log: "dyno's output"
    case .database: "database file"
    case .other: "other part"
    case .stack, .slug, .mirror, .secret, .reserve, .leftover: kind.rawValue
    }
  }

  static func many(_ kind: StoredKind) -> String {
    switch kind {
    case .writable: "dynos' writable files"
    case .log: "dynos' output"
    case .stack, .slug, .mirror, .secret, .reserve, .leftover, .database, .other: one(kind) + "s"
    }
  }
}

/// Renders usage as text.
package struct UsageText: Sendable {
  /// Colour or not.
  package var style: TextStyle

  /// Makes a renderer.
  package init(style: TextStyle = .plain) { self.style = style }

  /// A table of the disk and one of the processes.
  package func render(_ report: UsageReport) -> String {
    var disk = TextTable()
    disk.add([.init("on the disk", .strong), .init("bytes", .quiet)])
    for row in report.rows {
      disk.add([
        .init(StoredKindText.count(row.count, row.kind)), .init(BytesText.words(row.bytes)),
      ])
    }
    disk.add([.init("together"), .init(BytesText.words(report.total))])
    var work = TextTable()
    work.add([.init("running", .strong), .init("memory", .quiet), .init("cpu", .quiet)])
    for row in report.work {
      work.add([
        .init("\(row.count) \(row.name)"), .init(BytesText.words(row.memoryBytes)),
        .init(ShareText.percent(row.cpuShare)),
      ])
    }
    return (disk.lines(style) + [space(report), ""] + work.lines(style))
      .map { $0 + "\n" }.joined()
  }

  private func space(_ report: UsageReport) -> String {
    let space = report.space
    let share = ShareText.percent(Double(space.free) / Double(max(1, space.total)))
    let reserve =
      space.reserved > 0
      ? "\(BytesText.words(space.reserved)) set aside for a full disk" : "nothing set aside"
    let words = "free: \(BytesText.words(space.free)) of \(BytesText.words(space.total)) (\(share))"
    guard report.isLow else { return "\(words), \(reserve)" }
    return style(
      "\(words), \(reserve): less than \(BytesText.words(space.lowMark)); `muster gc`", .bad)
  }
}

/// Renders usage as JSON.
package enum UsageJSON {
  /// `{"format":1,"disk":{…},"running":[…]}`.
  package static func document(_ report: UsageReport) -> JSONValue {
    [
      "format": .number(1),
      "disk": [
        "total": .bytes(report.space.total), "free": .bytes(report.space.free),
        "reserved": .bytes(report.space.reserved), "low": .boolean(report.isLow),
        "used": .bytes(report.total),
        "kinds": .array(
          report.rows.map { row in
            [
              "kind": .string(row.kind.rawValue), "count": .number(row.count),
              "bytes": .bytes(row.bytes),
            ]
          }),
      ],
      "running": .array(
        report.work.map { work in
          [
            "kind": .string(work.name), "count": .number(work.count),
            "memory": .bytes(work.memoryBytes), "cpu_share": .decimal(work.cpuShare),
          ]
        }),
    ]
  }
}
