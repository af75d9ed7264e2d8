// Paths within the repository: always with `/`, never leaving it.

/// Makes paths of a repository plain.
enum RepositoryPath {
  /// The folder that a manifest names: `.`, `./x` and `../x` are seen from the manifest's own
  /// folder, all else from the repository's root. nil when it leaves the repository.
  static func resolve(_ path: String, from folder: String) -> String? {
    let isRelative = path == "." || path == ".." || path.hasPrefix("./") || path.hasPrefix("../")
    let start = isRelative ? folder : ""
    var parts = start.split(separator: "/").map(String.init)
    for part in path.split(separator: "/") {
      switch part {
      case ".": continue
      case "..":
        if parts.isEmpty { return nil }
        parts.removeLast()
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  /// A file of a folder.
  static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : "\(folder)/\(name)"
  }

  /// The last part of a path.
  static func lastPart(_ path: String) -> String {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    return parts.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
