// A tree of files in memory, and what tests read from it.

import FormationModel
import ManifestParsing
import YAMLReading

/// A tree in memory. Folders follow from the files' paths.
struct MemoryTree: ManifestTree {
  var files: [String: [UInt8]] = [:]
  var symlinks: Set<String> = []
  var submodules: Set<String> = []
  /// Whether folders have identities, as git's have.
  var hasIdentities = false
  /// Counts what is read, to tell what was not.
  let reads = ReadCounter()

  init(_ files: [String: String] = [:]) {
    self.files = files.mapValues { Array($0.utf8) }
  }

  func entries(of folder: String) throws(TreeProblem) -> [TreeEntry]? {
    let prefix = folder.isEmpty ? "" : folder + "/"
    var found: [String: TreeEntry] = [:]
    for (path, bytes) in files where path.hasPrefix(prefix) {
      let rest = path.dropFirst(prefix.count)
      let name = String(rest.prefix { $0 != "/" })
      found[name] =
        rest.contains("/")
        ? TreeEntry(name: name, kind: .folder)
        : TreeEntry(name: name, kind: kind(path), bytes: bytes.count)
    }
    for path in submodules
    where path.hasPrefix(prefix) && !path.dropFirst(prefix.count).contains("/") {
      let name = String(path.dropFirst(prefix.count))
      found[name] = TreeEntry(name: name, kind: .submodule)
    }
    if found.isEmpty, !folder.isEmpty { return nil }
    return found.values.sorted { $0.name < $1.name }
  }

  private func kind(_ path: String) -> TreeEntry.Kind { symlinks.contains(path) ? .symlink : .file }

  func contents(of file: String) throws(TreeProblem) -> [UInt8]? {
    reads.count(file)
    return files[file]
  }

  func identity(of folder: String) throws(TreeProblem) -> String? {
    guard hasIdentities else { return nil }
    let prefix = folder.isEmpty ? "" : folder + "/"
    var hasher = Hasher()
    for (path, bytes) in files.sorted(by: { $0.key < $1.key }) where path.hasPrefix(prefix) {
      hasher.combine(path)
      hasher.combine(bytes)
    }
    return "\(hasher.finalize())"
  }
}

/// Counts reads of files.
final class ReadCounter {
  private(set) var files: [String] = []
  func count(_ file: String) { files.append(file) }
  func reset() { files = [] }
}

extension MemoryTree {
  /// One app named `shop`, from the files of its folder.
  static func app(
    _ manifest: String, procfile: String = "web: serve\nworker: work\n",
    more: [String: String] = [:]
  ) -> MemoryTree {
    var files = ["apps/shop/app.yaml": manifest, "apps/shop/Procfile": procfile]
    files.merge(more) { _, new in new }
    return MemoryTree(files)
  }

  /// One app named `shop` as Heroku has it.
  static func stock(_ json: String, procfile: String = "web: serve\nworker: work\n") -> MemoryTree {
    MemoryTree(["apps/shop/app.json": json, "apps/shop/Procfile": procfile])
  }

  /// The formation of the tree, read by a fresh reader.
  func formation(
    environment: String? = nil, rootName: String? = "root-app", limits: Limits = Limits(),
    catalog: Catalog = .test
  ) throws -> DesiredFormation {
    var options = ReadingOptions(environment: environment, rootName: rootName)
    options.limits = limits
    var reader = FormationReader(catalog: catalog, options: options)
    return try reader.read(self, revision: nil)
  }
}

extension DesiredFormation {
  /// The app of that name, when it is valid.
  func app(_ name: String) -> DesiredApp? { apps.first { $0.name.rawValue == name } }

  /// `web=2:standard-1x worker=0:standard-1x` of the app `shop`; `rejected` when it is not valid.
  var shop: String {
    guard let app = app("shop") else { return "rejected" }
    return app.processes.map { "\($0.type)=\($0.quantity):\($0.size)" }.joined(separator: " ")
  }

  /// Every diagnostic as people see it.
  var lines: [String] {
    diagnostics.map { one in
      let place = one.mark.map { "\($0)" } ?? "-"
      return "\(place): \(one.severity): [\(one.code)] \(one.message)"
        + (one.fix.map { " | \($0)" } ?? "")
    }
  }

  /// The codes of all errors.
  var errorCodes: [String] { diagnostics.filter { $0.severity == .error }.map(\.code) }
}
