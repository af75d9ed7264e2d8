// What a slug is made of: the files of a folder, checked against the limits, and their digest.
// Laying them onto a disk is in SlugWriter.swift.

import Crypto
import Effects
import FormationModel
import ManifestParsing

/// A tree of files with their blob ids: a commit's, the index's, or a working tree's.
protocol FileTree {
  /// The entries of a folder, sorted by the bytes of their names; nil when there is no such folder.
  func files(of folder: String) throws(SourceProblem) -> [GitEntry]?
  /// The size of a file in bytes. `path` is from the tree's root.
  func bytes(of file: GitEntry, at path: String) throws(SourceProblem) -> Int
  /// What a symlink points at. `path` is from the tree's root.
  func target(of symlink: GitEntry, at path: String) throws(SourceProblem) -> String
}

/// A tree that formations are read from.
protocol SourceTree: ManifestTree, FileTree {
  /// The problem behind the last `TreeProblem`, with its kind; nil when there was none.
  var problem: SourceProblem? { get }
}

/// One file of a slug.
struct SlugFile {
  /// Its path within the slug.
  let path: String
  /// Its blob.
  let id: ObjectID
  /// What it is laid down as.
  let kind: Kind

  enum Kind: Equatable {
    case file, executable
    case symlink(target: String)
  }
}

/// Why there is no slug: the folder itself, or the repository.
enum SlugFlaw: Error {
  /// The folder holds what a slug cannot; worded for people.
  case refused(String)
  /// The repository could not be read.
  case problem(SourceProblem)
}

/// The files of a slug, each folder's in the order of their names.
struct SlugListing {
  /// The files.
  private(set) var files: [SlugFile] = []
  private var bytes: Int64 = 0

  /// Not laid into `/app`, so that a change of quantity is never a new slug.
  private static let manifests: Set<String> = ["app.json", "app.yaml", "heroku.yml"]

  /// Lists a folder.
  init(of folder: String, in tree: some FileTree, limits: Limits) throws(SlugFlaw) {
    try add(folder: folder, as: "", depth: 0, in: tree, limits: limits)
  }

  /// SHA-256 over mode, path and blob id of each file, in order.
  var digest: ContentDigest {
    var hash = SHA256()
    hash.update(data: Array("muster slug 1\n".utf8))
    var line: [UInt8] = []
    for file in files {
      line.removeAll(keepingCapacity: true)
      line.append(contentsOf: file.kind.mode.utf8)
      line.append(contentsOf: file.path.utf8)
      line.append(0)
      line.append(contentsOf: file.id.bytes)
      hash.update(data: line)
    }
    return ContentDigest(rawValue: hash.finalize().map { $0 }.hex)
  }

  private mutating func add(
    folder: String, as prefix: String, depth: Int, in tree: some FileTree, limits: Limits
  ) throws(SlugFlaw) {
    guard depth <= limits.slugDepth else {
      throw .refused("folders are nested deeper than \(limits.slugDepth)")
    }
    guard let entries = try reading({ () throws(SourceProblem) in try tree.files(of: folder) })
    else { throw .refused("there is no folder “\(folder.printable)” at this commit") }
    for entry in entries {
      if depth == 0, entry.kind != .folder, Self.manifests.contains(entry.name) { continue }
      let path = prefix.isEmpty ? entry.name : prefix + "/" + entry.name
      let source = folder.isEmpty ? entry.name : folder + "/" + entry.name
      guard entry.isText else { throw .refused("the name “\(path.printable)” is not UTF-8") }
      switch entry.kind {
      case .folder: try add(folder: source, as: path, depth: depth + 1, in: tree, limits: limits)
      case .submodule: throw .refused("“\(path.printable)” is a submodule; add its files instead")
      case .symlink:
        let target = try reading { () throws(SourceProblem) in
          try tree.target(of: entry, at: source)
        }
        try Self.check(target, of: path, depth: depth)
        files.append(SlugFile(path: path, id: entry.id, kind: .symlink(target: target)))
      case .file:
        bytes += Int64(
          try reading { () throws(SourceProblem) in
            try tree.bytes(of: entry, at: source)
          })
        let kind: SlugFile.Kind = entry.isExecutable ? .executable : .file
        files.append(SlugFile(path: path, id: entry.id, kind: kind))
      }
      try checkSize(limits)
    }
  }

  private func checkSize(_ limits: Limits) throws(SlugFlaw) {
    if files.count > limits.slugFiles {
      throw .refused("it has more than \(limits.slugFiles) files")
    }
    if bytes > limits.slugBytes {
      throw .refused("its files have more than \(limits.slugBytes) bytes")
    }
  }

  /// A target may go up within the slug and then down. With nothing but names after the `..`s, each
  /// link on the way was checked like this one, so no chain of links leaves the folder either.
  private static func check(_ target: String, of path: String, depth: Int) throws(SlugFlaw) {
    let shown = "“\(path.printable)”"
    let parts = target.split(separator: "/").filter { $0 != "." }
    let ups = parts.prefix { $0 == ".." }.count
    if target.isEmpty || target.utf8.count > 4_095 {
      throw .refused("\(shown) is a symlink to nothing that can be")
    }
    if target.hasPrefix("/") || ups > depth {
      throw .refused("\(shown) is a symlink that leaves the folder")
    }
    if parts.dropFirst(ups).contains("..") {
      throw .refused("\(shown) is a symlink with “..” behind a name; write the direct path")
    }
  }

  private func reading<Value>(
    _ body: () throws(SourceProblem) -> Value
  ) throws(SlugFlaw) -> Value {
    do { return try body() } catch { throw .problem(error) }
  }
}

extension SlugFile.Kind {
  /// git's mode with a space, as the digest has it.
  fileprivate var mode: String {
    switch self {
    case .file: "100644 "
    case .executable: "100755 "
    case .symlink: "120000 "
    }
  }
}
