// Which folders of a tree are apps: `apps/*` and the root, or what platform.yaml says. Names come
// from the manifests; this finds folders only.

import FormationModel

/// One folder to be read as an app.
struct AppFolder: Hashable, Sendable {
  /// Where it is; nil: the commit of the platform itself.
  var source: AppSource?
  /// The folder; empty for the root.
  var path: String
  /// The name that platform.yaml gives it.
  var name: String?
  /// The environment that platform.yaml gives it.
  var environment: String?
  /// Where platform.yaml names it; nil when it was found.
  var mark: SourceMark?
  /// Whether it was named rather than found: then it must exist.
  var isNamed = false
  /// What stands there in place of a folder; nil for a folder.
  var obstacle: TreeEntry.Kind?
}

/// Where platform.yaml says that apps are.
struct AppPlace: Hashable, Sendable {
  /// Where it is; nil: the commit of the platform itself.
  var source: AppSource?
  /// A folder or a pattern (`apps/*`).
  var path: String
  /// The name it gives.
  var name: String?
  /// The environment it gives.
  var environment: String?
  /// Where that stands; nil for the default places.
  var mark: SourceMark?

  /// The places where nothing says otherwise.
  static let standard = [AppPlace(path: "apps/*"), AppPlace(path: "")]
}

/// Finds the folders of apps.
struct AppDiscovery {
  /// The files that make a folder an app.
  static let fileNames = ["app.yaml", "app.json", "heroku.yml", "Procfile"]

  /// The folders found, without doubles, in the order of their places.
  private(set) var folders: [AppFolder] = []

  /// Finds the folders of all places.
  mutating func find(
    _ places: [AppPlace], in tree: some ManifestTree
  ) throws(TreeProblem) {
    var seen: Set<AppFolder> = []
    for place in places {
      for folder in try folders(of: place, in: tree) {
        var identity = folder
        identity.mark = nil
        identity.isNamed = false
        if seen.insert(identity).inserted { folders.append(folder) }
      }
    }
  }

  private func folders(
    of place: AppPlace, in tree: some ManifestTree
  ) throws(TreeProblem) -> [AppFolder] {
    if place.path.isEmpty, place.mark == nil {
      return try holdsApp("", in: tree) ? [AppFolder(path: "")] : []
    }
    guard place.path.contains("*") else {
      return [
        AppFolder(
          source: place.source, path: place.path, name: place.name,
          environment: place.environment, mark: place.mark, isNamed: true)
      ]
    }
    var found = [AppFolder(path: "")]
    for pattern in place.path.split(separator: "/") {
      var next: [AppFolder] = []
      for folder in found where folder.obstacle == nil {
        next += try children(of: folder.path, matching: pattern, in: tree)
      }
      found = next
    }
    return found.map { folder in
      AppFolder(
        source: place.source, path: folder.path, environment: place.environment,
        mark: place.mark, obstacle: folder.obstacle)
    }
  }

  private func holdsApp(_ folder: String, in tree: some ManifestTree) throws(TreeProblem) -> Bool {
    let entries = try tree.entries(of: folder) ?? []
    return entries.contains { $0.kind != .folder && Self.fileNames.contains($0.name) }
  }

  private func children(
    of folder: String, matching pattern: Substring, in tree: some ManifestTree
  ) throws(TreeProblem) -> [AppFolder] {
    var result: [AppFolder] = []
    for entry in try tree.entries(of: folder) ?? [] {
      guard !entry.name.hasPrefix("."), Self.matches(entry.name, pattern) else { continue }
      let path = RepositoryPath.join(folder, entry.name)
      switch entry.kind {
      case .folder: result.append(AppFolder(path: path))
      case .symlink, .submodule: result.append(AppFolder(path: path, obstacle: entry.kind))
      case .file: continue
      }
    }
    return result
  }

  /// Whether a name matches a pattern of one path part, where `*` stands for any characters.
  static func matches(_ name: String, _ pattern: Substring) -> Bool {
    if pattern == "*" { return true }
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, name.hasPrefix(first) else {
      return false
    }
    var rest = name.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return parts.count == 1 ? rest.isEmpty : rest.hasSuffix(last)
  }
}

extension AppSource {
  /// The repository's own name; nil for the platform's.
  var name: String? {
    guard let last = repository.map(RepositoryPath.lastPart) else { return nil }
    return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
  }
}
