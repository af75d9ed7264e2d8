// A real repository in a folder of its own, made with the git program; removed when it goes.

import Effects
import FormationModel
import Foundation
import GitSource
import Testing

/// A repository for one test.
final class TestRepository {
  /// A folder of the test's own; everything is below it.
  let folder: String
  /// The repository's root.
  let path: String

  init(bare: Bool = false, empty: Bool = false) throws {
    folder = NSTemporaryDirectory() + "muster-git-\(UUID().uuidString)"
    path = folder + "/repository"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try git("init", "--quiet", "--initial-branch=main")
    if !empty {
      try app("shop")
      try commit("First apps")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Runs git in the repository, with settings of the test's own, and returns what it prints.
  @discardableResult
  func git(_ arguments: String..., in place: String? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(filePath: place ?? path)
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C",
      "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
      "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
      "GIT_AUTHOR_DATE": "@\(clock) +0000", "GIT_COMMITTER_DATE": "@\(clock) +0000",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw GitFailed(arguments: arguments) }
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private var clock = 1_700_000_000

  struct GitFailed: Error { let arguments: [String] }

  /// Writes a file of the working tree.
  func write(_ file: String, _ text: String) throws {
    let whole = path + "/" + file
    try FileManager.default.createDirectory(
      atPath: (whole as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: whole))
  }

  /// Writes an app folder with one web process and one file of its own.
  func app(_ name: String, quantity: Int = 1) throws {
    try write("apps/\(name)/Procfile", "web: ./run\n")
    try write(
      "apps/\(name)/app.yaml", "stack: busybox\nformation: {web: {quantity: \(quantity)}}\n")
    try write("apps/\(name)/run", "#!/bin/sh\necho \(name)\n")
  }

  /// Commits everything, one minute after the last commit, and returns the id.
  @discardableResult
  func commit(_ message: String) throws -> RevisionID {
    clock += 60
    try git("add", "--all")
    try git("commit", "--quiet", "--allow-empty", "-m", message)
    return try head()
  }

  /// The id of a commit.
  func head(_ name: String = "HEAD") throws -> RevisionID {
    RevisionID(rawValue: try git("rev-parse", name))
  }

  /// A source that reads this repository in place.
  func source(ref: String? = nil, limits: Limits = Limits()) throws -> GitFormationSource {
    try source(path, ref: ref, limits: limits)
  }

  /// A source that reads an address, with mirrors in the test's own folder.
  func source(
    _ address: String, ref: String? = nil, deadline: Duration = .seconds(30),
    limits: Limits = Limits()
  ) throws -> GitFormationSource {
    GitFormationSource(
      address: try GitAddress(address, relativeTo: folder), ref: ref, environment: nil,
      mirrorFolder: folder + "/state/mirrors", catalog: Self.catalog, deadline: deadline,
      limits: limits)
  }

  static let catalog: Catalog = {
    guard let basic = CatalogName(rawValue: "standard-1x"),
      let busybox = CatalogName(rawValue: "busybox")
    else { return Catalog() }
    return Catalog(
      dynoTypes: [
        basic: DynoType(
          name: basic, tier: .standard, memoryBytes: 1 << 29, memoryKillBytes: 1 << 30,
          cpuShare: 1, dedicatedCores: nil, processLimit: 256, sleeps: false, monthlyCents: nil)
      ],
      stacks: [busybox: Stack(name: busybox, source: .busybox, shell: "/bin/sh")])
  }()
}

extension SourceReading {
  /// The formation; fails the test when there is none.
  func formation(_ location: SourceLocation = #_sourceLocation) throws -> SourcedFormation {
    switch self {
    case .formation(let formation): return formation
    case .problem(let problem):
      Issue.record("\(problem.kind): \(problem.message)", sourceLocation: location)
      throw problem
    }
  }

  /// The problem; fails the test when there is none.
  func problem(_ location: SourceLocation = #_sourceLocation) throws -> SourceProblem {
    switch self {
    case .formation: try #require(nil as SourceProblem?, sourceLocation: location)
    case .problem(let problem): problem
    }
  }
}

extension SourcedFormation {
  /// The names of the valid apps.
  var names: [String] { formation.apps.map(\.name.rawValue) }

  /// The digest of an app's slug; fails the test when there is none.
  func slug(_ app: String, _ location: SourceLocation = #_sourceLocation) throws -> SlugReference {
    let name = try #require(AppName(rawValue: app), sourceLocation: location)
    guard case .found(let slug)? = slugs[name] else {
      return try #require(
        nil, "no slug: \(String(describing: slugs[name]))", sourceLocation: location)
    }
    return slug
  }
}
