// Manifests as they lie on disk or in the index: what `validate` reads.

import Effects
import FormationModel
import Foundation
import GitSource
import ManifestParsing
import Review

/// A folder of manifests that need not be committed.
struct WrittenManifests {
  let root: String
  private let settings: Settings
  private let isRepository: Bool

  /// The folder at `path`; nil: the repository around the current folder, or that folder itself.
  init(path: String?, settings: Settings) throws {
    let current = Composition.currentFolder
    let named = path.map(Composition.absolute)
    root = named ?? GitFormationSource.enclosingRepository(of: current) ?? current
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else {
      throw CommandFailure(.unknown, "there is nothing at \(root)")
    }
    guard isFolder.boolValue else {
      throw CommandFailure(
        .unknown, "\(root) is not a folder",
        fix: "name the repository's root, or one app's folder")
    }
    isRepository = GitFormationSource.enclosingRepository(of: root) == root
    self.settings = settings
  }

  /// Everything that is asked for, with every problem. In a repository, ignored files are left out.
  /// Other repositories are read where they lie on this machine; `fetches`: remote ones, too.
  func read(staged: Bool, fetches: Bool) async throws -> DesiredFormation {
    var formation = try await unjudged(staged: staged, fetches: fetches)
    formation.diagnostics += formation.sources.compactMap(Diagnostic.init(unread:))
    return formation
  }

  private func unjudged(staged: Bool, fetches: Bool) async throws -> DesiredFormation {
    guard isRepository else {
      if staged { throw CommandFailure(.unknown, "\(root) is not the root of a git repository") }
      return try reading { (reader, tree) throws(TreeProblem) in
        try reader.read(tree, revision: nil)
      }
    }
    let mirrors = fetches ? try MirrorFolder() : nil
    defer { mirrors?.remove() }
    let source: GitFormationSource
    do throws(SourceProblem) {
      source = try Composition.source(
        repository: root, ref: nil, environment: settings.environment, mirrors: mirrors?.path,
        others: fetches ? .all : .inPlace)
    } catch {
      throw CommandFailure(error)
    }
    let reading = staged ? await source.stagedFormation() : await source.worktreeFormation()
    switch reading {
    case .formation(let sourced): return sourced.formation
    case .problem(let problem) where !problem.diagnostics.isEmpty:
      return DesiredFormation(
        revision: nil, apps: [], platform: Platform(catalog: ShippedCatalog.catalog),
        diagnostics: problem.diagnostics)
    case .problem(let problem): throw CommandFailure(problem)
    }
  }

  /// Prints an app's merged manifest.
  func show(_ name: String, _ format: ValidateFormat) throws {
    let fields = try reading { (reader, tree) throws(TreeProblem) in
      try AppName(rawValue: name).flatMap { (app) throws(TreeProblem) in
        try reader.show(app, in: tree)
      }
    }
    guard let fields else { throw CommandFailure(.unknown, "there is no app \(name) in \(root)") }
    switch format {
    case .text: Terminal.write(ManifestText.render(fields))
    case .json: Terminal.write(ManifestText.document(name, fields).document)
    case .sarif, .github:
      throw CommandFailure(.usage, "--show prints text or json, not \(format.rawValue)")
    }
  }

  private func reading<Result>(
    _ body: (inout FormationReader, WorkingTree) throws(TreeProblem) -> Result
  ) throws -> Result {
    let rootName = URL(filePath: root).lastPathComponent
    var reader = FormationReader(
      catalog: ShippedCatalog.catalog,
      options: ReadingOptions(environment: settings.environment, rootName: rootName))
    do throws(TreeProblem) {
      return try body(&reader, WorkingTree(root: root))
    } catch {
      throw CommandFailure(.unknown, "\(error.path.isEmpty ? root : error.path): \(error.message)")
    }
  }

  /// The texts of the files that diagnostics point at, by path.
  func sources(_ formation: DesiredFormation) -> [String: String] {
    let tree = WorkingTree(root: root)
    let marks = formation.diagnostics.flatMap { diagnostic in
      [diagnostic.mark].compactMap { $0 } + diagnostic.related.map(\.mark)
    }
    var sources: [String: String] = [:]
    for file in Set(marks.map(\.file)) {
      let bytes = try? tree.contents(of: file)
      sources[file] = bytes.map { String(decoding: $0, as: UTF8.self) }
    }
    return sources
  }
}

extension Diagnostic {
  /// What `validate` says of a source that it did not read; nil when it did.
  fileprivate init?(unread standing: SourceStanding) {
    guard standing.revision == nil else { return nil }
    let names = standing.apps.map(\.rawValue).joined(separator: ", ")
    let apps = names.isEmpty ? "" : "; of it come: \(names)"
    if let failure = standing.failure, failure.code != SourceFailure.notLookedAt {
      self.init(
        .error, "source-\(failure.code)", at: standing.mark, failure.message + apps,
        fix: failure.fix)
      return
    }
    let why = standing.failure == nil ? "this folder is no repository" : "remote"
    self.init(
      .note, SourceFailure.notLookedAt, at: standing.mark,
      "not looked at: \(why): \(standing.source)\(apps)",
      fix: standing.failure == nil ? nil : "`muster validate --fetch` reads it")
  }
}
