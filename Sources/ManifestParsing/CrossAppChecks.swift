// What can only be judged with all apps at hand: names, former names, dependencies, attachments,
// domains, spaces. Each problem belongs to the app that has to change.

import FormationModel

/// Compares the apps of one formation.
struct CrossAppChecks {
  private let readings: [AppReading]
  private let spaces: Set<String>
  private let absent: Set<String>
  private let hasUnknownApps: Bool
  private var positions: [String: [Int]] = [:]

  /// What was found, by position of the app.
  private(set) var findings: [Int: [Diagnostic]] = [:]
  /// What an app of another source is called when the name it gives itself belongs to another app.
  private(set) var aliases: [Int: AppName] = [:]

  /// Makes the checks. `absent` are apps of sources that are not read this time, of which only the
  /// name is known; `hasUnknownApps` says that there may be more of them.
  init(
    readings: [AppReading], absent: Set<String>, hasUnknownApps: Bool, spaces: Set<String>
  ) {
    self.readings = readings
    self.spaces = spaces
    self.absent = absent
    self.hasUnknownApps = hasUnknownApps
    for (index, reading) in readings.enumerated() {
      if case .noApp = reading.verdict { continue }
      positions[reading.name.rawValue, default: []].append(index)
    }
  }

  /// Runs all checks that need no tree.
  mutating func run() {
    checkNames()
    checkFormerNames()
    checkDomains()
    for (index, reading) in readings.enumerated() {
      if !reading.links.dependencies.isEmpty { checkDependencies(index) }
      if !reading.links.attachments.isEmpty { checkAttachments(index) }
      if let space = reading.links.space, !spaces.contains(space.name) {
        add(
          index, "unknown-space", at: space.mark, "there is no space \(quoted(space.name))",
          fix: Suggestion.nearest(to: space.name, among: spaces).map { "did you mean `\($0)`?" }
            ?? "add it below `spaces` in platform.yaml")
      }
    }
    checkCycles("dependency-cycle", "depends_on goes in a circle") { $0.dependencies }
    checkCycles("attachment-cycle", "attachments go in a circle") { $0.attachments }
  }

  /// Checks that the folder of an app's slug exists in the tree that the app is of.
  mutating func checkSlugFolder(_ index: Int, _ tree: some ManifestTree) throws(TreeProblem) {
    let reading = readings[index]
    guard let slug = reading.links.slugFolder, try tree.entries(of: slug.name) == nil
    else { return }
    let nearby = RepositoryPath.join(reading.folder, slug.name)
    let isNearby = try tree.entries(of: nearby) != nil
    add(
      index, "unknown-folder", at: slug.mark, "the repository has no folder \(quoted(slug.name))",
      fix: isNearby
        ? "write `slug: ./\(slug.name)` for the one in the app's folder"
        : "paths that start with `./` or `../` are seen from the app's folder, others from "
          + "the repository's root")
  }

  private mutating func add(
    _ index: Int, _ code: String, at mark: SourceMark?, _ message: String, fix: String?,
    related: [Diagnostic.Related] = []
  ) {
    findings[index, default: []].append(
      Diagnostic(
        .error, code, at: mark, app: (aliases[index] ?? readings[index].name).rawValue, message,
        fix: fix,
        related: related))
  }

  private func place(_ index: Int) -> String {
    let reading = readings[index]
    let folder = reading.folder.isEmpty ? "the root" : reading.folder
    return reading.source.map { "\(folder) (\($0))" } ?? folder
  }

  /// An app of another source that names itself never takes a name away from the platform's own
  /// apps, nor from those that platform.yaml names.
  private mutating func refuseTakenNames() {
    for (name, all) in positions {
      let guests = all.filter {
        readings[$0].source != nil && !readings[$0].isNamedByPlatform
      }
      let isTaken = guests.count < all.count || absent.contains(name)
      guard isTaken, !guests.isEmpty else { continue }
      positions[name] = all.filter { !guests.contains($0) }
      if positions[name]?.isEmpty == true { positions[name] = nil }
      for index in guests {
        let label = readings[index].source?.name ?? "app"
        aliases[index] = AppName(nearestTo: "\(label)-\(name)")
        add(
          index, "duplicate-name", at: readings[index].manifest?["name"]?.mark,
          "\(place(index)) calls itself \(name), which is another app of this platform",
          fix: "give it a `name` where platform.yaml names its repository")
      }
    }
  }

  private mutating func checkNames() {
    refuseTakenNames()
    for (name, clashing) in positions {
      if clashing.count > 1 {
        let places = clashing.map(place).joined(separator: " and ")
        for index in clashing {
          add(
            index, "duplicate-name", at: readings[index].manifest?["name"]?.mark,
            "two apps are called \(name): \(places)",
            fix: "give one of them another `name` in app.yaml")
        }
      }
    }
  }

  private mutating func checkFormerNames() {
    var claimed: [String: Int] = [:]
    for (index, reading) in readings.enumerated() {
      for former in reading.links.formerNames {
        if positions[former.name] != nil {
          add(
            index, "name-in-use", at: former.mark,
            "was names \(former.name), which is an app of this repository",
            fix: "take it out of `was`, or rename that app")
        } else if let other = claimed[former.name] {
          add(
            index, "name-in-use", at: former.mark,
            "\(readings[other].name) says too that it was \(former.name)",
            fix: "keep it in one of them")
        } else {
          claimed[former.name] = index
        }
      }
    }
  }

  /// The first app by name keeps a domain that two ask for.
  private mutating func checkDomains() {
    var owners: [String: (index: Int, mark: SourceMark)] = [:]
    let asking = readings.indices.filter { !readings[$0].links.domains.isEmpty }
      .sorted { readings[$0].name < readings[$1].name }
    for index in asking {
      for domain in readings[index].links.domains {
        guard let owner = owners[domain.name], owner.index != index else {
          owners[domain.name] = (index, domain.mark)
          continue
        }
        add(
          index, "domain-taken", at: domain.mark,
          "\(domain.name) belongs to \(readings[owner.index].name)",
          fix: "take it out of one of the apps",
          related: [Diagnostic.Related(mark: owner.mark, message: "first asked for here")])
      }
    }
  }

  /// Whether an app of that name may exist in a source that is not read this time.
  private func isAbsent(_ name: String) -> Bool { hasUnknownApps || absent.contains(name) }

  private mutating func checkDependencies(_ index: Int) {
    for dependency in readings[index].links.dependencies {
      if dependency.name == readings[index].name.rawValue {
        add(
          index, "dependency-cycle", at: dependency.mark, "the app depends on itself",
          fix: "take it out of `depends_on`")
      } else if positions[dependency.name] == nil, !isAbsent(dependency.name) {
        add(
          index, "unknown-app", at: dependency.mark, "there is no app \(quoted(dependency.name))",
          fix: suggestion(dependency.name))
      }
    }
  }

  private func suggestion(_ name: String) -> String {
    Suggestion.nearest(to: name, among: positions.keys).map { "did you mean `\($0)`?" }
      ?? "name an app of this repository"
  }

  private mutating func checkAttachments(_ index: Int) {
    for attachment in readings[index].links.attachments {
      let parts = attachment.name.split(separator: "/").map(String.init)
      guard parts.count == 2 else { continue }
      guard let owner = positions[parts[0]]?.first else {
        if isAbsent(parts[0]) { continue }
        add(
          index, "unknown-app", at: attachment.mark, "there is no app \(quoted(parts[0]))",
          fix: suggestion(parts[0]))
        continue
      }
      let addOns = readings[owner].links.addOns
      guard case .valid = readings[owner].verdict, !addOns.contains(parts[1]) else { continue }
      add(
        index, "unknown-addon", at: attachment.mark,
        "\(parts[0]) has no add-on \(quoted(parts[1]))",
        fix: Suggestion.nearest(to: parts[1], among: addOns).map { "did you mean `\($0)`?" }
          ?? (addOns.isEmpty ? "it has none" : "it has: \(addOns.joined(separator: ", "))"))
    }
  }

  /// Every app from which a way along the links leads back to itself.
  private mutating func checkCycles(
    _ code: String, _ message: String, _ links: (AppLinks) -> [AppLinks.Place]
  ) {
    var edges: [String: [String]] = [:]
    for reading in readings {
      let names = links(reading.links).map { String($0.name.prefix { $0 != "/" }) }
      if !names.isEmpty { edges[reading.name.rawValue, default: []] += names }
    }
    edges = Self.withoutDeadEnds(edges)
    if edges.isEmpty { return }
    for (index, reading) in readings.enumerated() {
      guard let first = links(reading.links).first,
        let way = Self.way(from: reading.name.rawValue, along: edges), way.count > 2
      else { continue }
      add(
        index, code, at: first.mark, "\(message): \(way.joined(separator: " → "))",
        fix: "take one of the links out")
    }
  }

  /// The edges that are on a circle or lead to one; nearly always none.
  private static func withoutDeadEnds(_ edges: [String: [String]]) -> [String: [String]] {
    var sources: [String: [String]] = [:]
    for (source, targets) in edges {
      for target in targets { sources[target, default: []].append(source) }
    }
    var open = edges
    var waysOut = edges.mapValues(\.count)
    var pending = sources.keys.filter { edges[$0] == nil }
    while let dead = pending.popLast() {
      for source in sources[dead] ?? [] {
        waysOut[source, default: 0] -= 1
        if waysOut[source] == 0, open.removeValue(forKey: source) != nil { pending.append(source) }
      }
    }
    return open
  }

  /// The shortest way along the edges that comes back to its start; nil when there is none.
  private static func way(from start: String, along edges: [String: [String]]) -> [String]? {
    var cameFrom: [String: String] = [:]
    var pending = [start]
    var next = 0
    while next < pending.count {
      let name = pending[next]
      next += 1
      for target in edges[name] ?? [] {
        if target == start {
          var steps = [start]
          var step = name
          while step != start {
            steps.append(step)
            step = cameFrom[step] ?? start
          }
          let middle = Array(steps.reversed().dropLast())
          return [start] + middle + [start]
        }
        if cameFrom[target] == nil {
          cameFrom[target] = name
          pending.append(target)
        }
      }
    }
    return nil
  }
}
