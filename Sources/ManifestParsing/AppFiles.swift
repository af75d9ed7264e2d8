// Parses the manifest files of one app folder, and nothing else: bytes, bounds, syntax. What they
// mean is decided by AppDecoder.

import FormationModel
import YAMLReading

/// The files of one app folder, read as far as they can be.
struct AppFiles {
  /// The folder; empty for the root.
  let folder: String
  /// Collects the problems.
  var read: FieldReader
  /// app.yaml; nil when there is none, or it cannot be read.
  private(set) var appYAML: ManifestValue?
  /// app.json as written.
  private(set) var appJSON: ManifestValue?
  /// heroku.yml as written.
  private(set) var herokuYAML: ManifestValue?
  /// The Procfile.
  private(set) var procfile: Procfile?
  /// Files found, readable or not.
  private(set) var found: Set<String> = []
  /// Whether every file found could be read.
  private(set) var isReadable = true
  /// Bytes read.
  private(set) var bytes = 0

  /// Makes a reader for a folder.
  init(folder: String, read: FieldReader) {
    self.folder = folder
    self.read = read
  }

  /// Reads the files; false when there is no such folder.
  mutating func load(_ content: FolderContent, limits: Limits) -> Bool {
    guard let entries = content.entries else { return false }
    for file in entries {
      let entry = file.entry
      guard AppDiscovery.fileNames.contains(entry.name) else {
        checkName(entry)
        continue
      }
      if entry.kind == .folder { continue }
      found.insert(entry.name)
      guard isPlainFile(entry), let bytes = bounded(file, limits: limits) else { continue }
      parse(entry.name, bytes, limits: limits)
    }
    return true
  }

  /// The path of one of its files, from the repository's root.
  func path(_ name: String) -> String { RepositoryPath.join(folder, name) }

  private mutating func checkName(_ entry: TreeEntry) {
    let meant: String? =
      switch entry.name.lowercased() {
      case "app.yml", "app.yaml": "app.yaml"
      case "heroku.yaml", "heroku.yml": "heroku.yml"
      case "procfile", "procfile.txt": "Procfile"
      case "app.json": "app.json"
      default: nil
      }
    guard let meant, entry.kind == .file else { return }
    read.warning(
      "misnamed-file", at: start(entry.name), "\(entry.name) is not read",
      fix: "rename it to \(meant)")
  }

  private func start(_ name: String) -> SourceMark {
    SourceMark(file: path(name), line: 1, column: 1)
  }

  private mutating func isPlainFile(_ entry: TreeEntry) -> Bool {
    if entry.kind == .file { return true }
    let kind = entry.kind == .symlink ? "symbolic link" : "submodule"
    isReadable = false
    read.record(
      .error, "not-a-file", at: start(entry.name), "\(path(entry.name)) is a \(kind)",
      fix: "put the file itself there")
    return false
  }

  private mutating func bounded(_ file: FolderContent.Entry, limits: Limits) -> [UInt8]? {
    let announced = file.entry.bytes ?? 0
    let size = announced > limits.manifestBytes ? announced : file.bytes?.count ?? 0
    bytes += size
    if size <= limits.manifestBytes { return file.bytes }
    let name = file.entry.name
    isReadable = false
    read.record(
      .error, "too-large", at: start(name),
      "\(path(name)) has \(size) bytes; \(limits.manifestBytes) are allowed",
      fix: "a manifest this large is probably another kind of file")
    return nil
  }

  private mutating func parse(_ name: String, _ content: [UInt8], limits: Limits) {
    var budget = ReadingBudget()
    budget.bytes = limits.manifestBytes
    switch name {
    case "Procfile":
      let result = Procfile.read(content, file: path(name), app: read.app)
      read.adopt(result.diagnostics)
      procfile = result
    case "app.json":
      do {
        appJSON = ManifestValue(try JSONReader.read(content, budget: budget), file: path(name))
      } catch { refuse(name, error) }
    default:
      do {
        let documents = try YAMLReader.read(content, budget: budget)
        let value = try document(of: documents, name)
        if name == "app.yaml" { appYAML = value } else { herokuYAML = value }
      } catch { refuse(name, error) }
    }
  }

  private func document(
    of documents: [YAMLNode], _ name: String
  ) throws(ReadingProblem) -> ManifestValue {
    if documents.count > 1 {
      throw ReadingProblem(
        "several-documents", "a manifest is one document; this file has \(documents.count)",
        at: documents[1].mark, fix: "take out the `---` or split the file")
    }
    guard let root = documents.first else {
      return ManifestValue(.mapping([]), at: start(name))
    }
    let value = ManifestValue(root, file: path(name))
    return value.isNull ? ManifestValue(.mapping([]), at: value.mark) : value
  }

  private mutating func refuse(_ name: String, _ problem: ReadingProblem) {
    isReadable = false
    read.record(problem, file: path(name))
  }
}

extension FieldReader {
  /// Records why a file could not be read.
  mutating func record(_ problem: ReadingProblem, file: String) {
    record(
      .error, problem.code, at: SourceMark(problem.mark, file: file), problem.message,
      fix: problem.fix,
      related: problem.related.map {
        [Diagnostic.Related(mark: SourceMark($0.mark, file: file), message: $0.message)]
      } ?? [])
  }
}
