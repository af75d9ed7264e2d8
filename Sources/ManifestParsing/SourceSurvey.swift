// The other sources of one formation while it is read: which there are, which could be taken, and
// which apps each of them keeps from changing when it could not.

package import FormationModel

/// What a reading is given for another source.
package enum SourceAnswer {
  /// Its files at one commit; nil for a working tree.
  case tree(any ManifestTree, Revision?)
  /// Why there are none.
  case failed(SourceFailure)
}

/// The other sources of one formation.
struct SourceSurvey {
  private let answers: [AppSource: SourceAnswer]
  private var places: [AppSource: [AppPlace]] = [:]
  private var known: [AppSource: SourceStanding] = [:]

  /// Takes what platform.yaml names, with what was found out about it.
  init(_ places: [AppPlace], answers: [AppSource: SourceAnswer]) {
    self.answers = answers
    for place in places {
      guard let source = place.source else { continue }
      self.places[source, default: []].append(place)
      var standing = known[source] ?? begin(source)
      standing.mark = standing.mark ?? place.mark
      if let name = place.name.flatMap(AppName.init(rawValue:)) { standing.apps.append(name) }
      known[source] = standing
    }
  }

  private func begin(_ source: AppSource) -> SourceStanding {
    switch answers[source] {
    case .tree(_, let revision): SourceStanding(source, revision: revision)
    case .failed(let failure): SourceStanding(source, failure: failure)
    case nil: SourceStanding(source)
    }
  }

  /// The sources that apps can be read from now, sorted, with their files.
  var readable: [(source: AppSource, tree: any ManifestTree, places: [AppPlace])] {
    places.keys.sorted().compactMap { source in
      tree(of: source).map { (source, $0, places[source] ?? []) }
    }
  }

  /// The files of a source; nil when there are none, or when they could not be read.
  func tree(of source: AppSource) -> (any ManifestTree)? {
    guard case .tree(let tree, _)? = answers[source], known[source]?.failure == nil else {
      return nil
    }
    return tree
  }

  /// The files of a source could not be read.
  mutating func fail(_ source: AppSource, _ problem: TreeProblem) {
    let revision = known[source]?.revision?.id
    known[source]?.failure = SourceFailure(
      code: "corrupt", message: "\(source): \(problem.path): \(problem.message)", fix: nil,
      revision: revision)
  }

  /// Judges sources that were read: one without any app is never taken as "all its apps left".
  mutating func judge(_ readings: [AppReading]) {
    let found = Set(readings.filter(\.isApp).compactMap(\.source))
    for source in places.keys.sorted() where tree(of: source) != nil && !found.contains(source) {
      known[source]?.failure = SourceFailure(
        code: "no-apps", message: "\(source) holds no app at the places that platform.yaml names",
        fix: "put them back, or take its entry out of `apps` in platform.yaml", revision: nil)
    }
  }

  /// Adds what slugs come from.
  mutating func add(slugsOf apps: [DesiredApp]) {
    for app in apps {
      guard let source = app.slugSource else { continue }
      var standing = known[source] ?? begin(source)
      standing.apps.append(app.name)
      known[source] = standing
    }
  }

  /// Names of apps that are not read this time, as far as they can be told.
  var absentApps: Set<String> {
    Set(
      places.keys.filter { tree(of: $0) == nil }.flatMap { known[$0]?.apps ?? [] }
        .map(\.rawValue))
  }

  /// Whether apps may be missing of which not even the name is known.
  var hasUnknownApps: Bool {
    places.contains { source, places in
      tree(of: source) == nil && places.contains { $0.name == nil }
    }
  }

  /// How every source stands, sorted.
  var standings: [SourceStanding] {
    known.values.sorted { $0.source < $1.source }.map { standing in
      var standing = standing
      standing.apps = Set(standing.apps).sorted()
      return standing
    }
  }
}

extension AppReading {
  /// Whether it is an app, valid or not.
  var isApp: Bool {
    switch verdict {
    case .valid, .rejected: true
    case .noApp: false
    }
  }
}
