// Reading a repository of a thousand apps: all of it, and again after one app changed.

import Baseline
import Effects
import FormationModel
import GitSource
import ManifestParsing

enum ReadingRows {
  static let apps = 1_000
  /// What the baseline takes on an idle machine (docs/reference/benchmarks.md).
  private static let recorded = Duration.milliseconds(28)

  /// All of it, by a Muster that knows nothing yet.
  static func everything() async throws -> [Row] {
    let repository = try BigRepository(apps: apps)
    defer { repository.remove() }
    let samples = try await alternate(rounds: 20) {
      let source = try source(of: repository)
      return try await time { try await read(source) }.0
    } baseline: {
      try await time { try baseline(repository) }.0
    }
    return [
      Row(
        name: "read", words: "\(apps) apps read, against libgit2's walk and libyaml's events",
        ours: samples.ours.median, baseline: samples.baseline.median, goal: .ratio(3),
        doubts: [
          samples.ours.doubt("ours"), samples.baseline.doubt("the baseline"),
          samples.baseline.doubt("the baseline", recorded: recorded),
        ].compactMap { $0 })
    ]
  }

  /// Again, by a Muster that has read the commit before.
  static func oneChanged() async throws -> [Row] {
    let repository = try BigRepository(apps: apps)
    defer { repository.remove() }
    let source = try source(of: repository)
    try await read(source)
    var samples = Samples()
    for round in 1...20 {
      try repository.change(app: round, step: round + 1)
      samples.add(try await time { try await read(source) }.0)
    }
    return [
      Row(
        name: "read-one", words: "\(apps) apps read again after one has changed",
        ours: samples.median, goal: .time(.milliseconds(10)),
        doubts: [samples.doubt("ours")].compactMap { $0 })
    ]
  }

  static func source(of repository: BigRepository) throws -> GitFormationSource {
    try GitFormationSource(
      address: GitAddress(repository.folder, relativeTo: "/"), ref: nil, environment: nil,
      mirrorFolder: nil, catalog: ShippedCatalog.catalog)
  }

  private static func read(_ source: GitFormationSource) async throws {
    switch await source.read(inForce: nil) {
    case .problem(let problem): throw Refusal(reason: problem.message)
    case .formation(let sourced):
      guard sourced.formation.apps.count == apps else {
        let first = sourced.formation.diagnostics.first?.message ?? "nothing says why"
        throw Refusal(reason: "\(sourced.formation.apps.count) apps were read: \(first)")
      }
    }
  }

  private static func baseline(_ repository: BigRepository) throws {
    var counts = baseline_counts()
    guard baseline_read(repository.folder, &counts) == 0, counts.files == 2 * apps else {
      throw Refusal(reason: "the baseline could not read the repository")
    }
  }
}
