// The line of a manifest that a diagnostic points at, with whatever could be a config var's value
// covered. Only what is known to hold no value is shown; a misspelled `env` is covered too.

/// One source line, fit to be printed.
struct QuotedLine: Hashable {
  /// The line's visible text, control characters escaped.
  let text: String
  /// How many characters of `text` stand before the place pointed at.
  let caret: Int

  /// The line of that number (from 1) with its column (from 1) marked; nil when there is no such
  /// line, it is empty, or it is too long to be read.
  init?(line: Int, column: Int, of source: String, file: String) {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    guard line >= 1, line <= lines.count, line <= 50_000 else { return nil }
    var whole = lines[line - 1]
    while whole.last == "\r" || whole.last == "\r\n" { whole.removeLast() }
    let visible = Self.uncovered(line: line, whole, lines: lines, file: file)
    guard whole.contains(where: { !$0.isWhitespace }), visible.count <= 160 else { return nil }
    let shown = visible.count < whole.count ? visible + "…" : visible
    text = String(shown).escapingControls
    let before = min(max(0, column - 1), visible.count)
    caret = String(visible.prefix(before)).escapingControls.count
  }

  /// The line, or the part of it before the first thing that may be a value.
  private static func uncovered(
    line: Int, _ whole: Substring, lines: [Substring], file: String
  ) -> Substring {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    if name == "Procfile" { return whole }
    // A URL may carry a password, wherever it stands.
    let hasCredentials = whole.contains("://") && whole.contains("@")
    let isJSON = name.hasSuffix(".json")
    let paths = isJSON ? JSONOutline.keys(upTo: line, lines) : [YAMLOutline.path(to: line, lines)]
    if !hasCredentials, paths.allSatisfy(ValueFreeSections.contain) { return whole }
    guard let colon = whole.firstIndex(of: ":") else { return "" }
    let key = whole[...colon]
    return key.contains(where: { "{}[]&*=".contains($0) }) ? "" : key
  }
}

/// Sections of the manifests in which no value of a config var and no password can stand.
enum ValueFreeSections {
  /// Whether a path of keys leads into one of them.
  static func contain(_ path: [String]) -> Bool {
    guard let root = path.first else { return true }
    if root == "environments" { return path.count <= 2 || contain(Array(path.dropFirst(2))) }
    return roots.contains(root)
  }

  private static let roots: Set<String> = [
    "name", "was", "stack", "slug", "image", "formation", "addons", "jobs", "domains", "rollout",
    "router", "sleep", "space", "depends_on", "maintenance", "suspend", "windows", "deletion",
    "release", "apps", "runtime", "default_size", "rules", "capacity", "releases", "catalog",
    "description", "logo", "keywords", "website", "buildpacks", "success_url", "run", "setup",
  ]
}

/// Where a line of YAML stands, by indentation alone: the file may not be valid.
private enum YAMLOutline {
  /// The keys that the line is under, its own key last.
  static func path(to line: Int, _ lines: [Substring]) -> [String] {
    var path: [(indent: Int, key: String)] = []
    for text in lines.prefix(line) {
      let content = text.drop { $0 == " " || $0 == "\t" }
      guard let first = content.first, first != "#" else { continue }
      let indent = text.count - content.count
      while let last = path.last, last.indent >= indent { path.removeLast() }
      path.append((indent, key(of: content)))
    }
    return path.map(\.key)
  }

  private static func key(of content: Substring) -> String {
    guard let colon = content.firstIndex(of: ":") else { return "-" }
    return content[..<colon].filter { !"\"' ".contains($0) }
  }
}

/// Which sections of a JSON document a line touches, by brackets alone: the file may not be valid.
private enum JSONOutline {
  /// The top-level keys in force on the line, each as a path of one.
  static func keys(upTo line: Int, _ lines: [Substring]) -> [[String]] {
    var scanner = Scanner()
    for text in lines.prefix(line - 1) { scanner.read(text) }
    scanner.touched = [scanner.section]
    scanner.read(lines[line - 1])
    return scanner.touched.compactMap { $0 }.map { [$0] }
  }

  private struct Scanner {
    var depth = 0
    var section: String?
    var touched: [String?] = []
    var text = ""
    var isInString = false
    var isEscaped = false

    mutating func read(_ line: Substring) {
      for character in line { read(character) }
    }

    private mutating func read(_ character: Character) {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isInString = false
        } else {
          text.append(character)
        }
        return
      }
      switch character {
      case "\"":
        isInString = true
        text = ""
      case "{", "[": depth += 1
      case "}", "]": depth -= 1
      case ":" where depth <= 1: enter(text)
      case "," where depth <= 1: enter(nil)
      default: break
      }
    }

    private mutating func enter(_ key: String?) {
      section = key
      touched.append(key)
    }
  }
}
