// What code says about itself: files open with what they own, declarations that cross targets say
// what they return.

/// The checks of comments.
enum Documentation {
  /// Declarations that other targets see and that nothing explains.
  static func undocumented(in file: SwiftFile) -> [Finding] {
    file.lines.indices.compactMap { index in
      let line = file.lines[index]
      let words = line.code.split(separator: " ")
      guard let first = words.first, first == "package" || first == "public",
        !words.contains("import"), words.dropFirst().first != "extension",
        !isExplained(file.lines[..<index])
      else { return nil }
      return Finding(
        file.path, line: line.number, "no `///` says what this returns, its units, its errors")
    }
  }

  private static func isExplained(_ before: ArraySlice<SwiftFile.Line>) -> Bool {
    for line in before.reversed() {
      let text = line.raw.trimmed
      if text.hasPrefix("@") || text.hasPrefix("#if") { continue }
      return text.hasPrefix("///")
    }
    return false
  }

  /// Files that do not open with what they own.
  static func unopened(in file: SwiftFile) -> [Finding] {
    let opening = file.lines.prefix { $0.raw.hasPrefix("//") }
    guard let first = opening.first, !first.raw.hasPrefix("///"), first.raw.count > 20 else {
      return [
        Finding(file.path, line: 1, "open with `//`: what this file owns, and what it does not")
      ]
    }
    // Tests may open with the legend of their tables.
    return opening.count <= (file.path.hasPrefix("Tests/") ? 12 : 4)
      ? [] : [Finding(file.path, line: 1, "\(opening.count) opening lines: say it in three")]
  }

  /// Types that are called as their module: `Module.Type` would then mean the type.
  static func namesakes(in file: SwiftFile) -> [Finding] {
    let kinds = ["struct", "enum", "class", "actor", "protocol"]
    return file.lines.compactMap { line in
      guard line.has(file.target),
        kinds.contains(where: { line.code.contains("\($0) \(file.target)") })
      else { return nil }
      let rest = line.code.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
      guard let kind = rest.firstIndex(where: { kinds.contains(String($0)) }),
        rest.dropFirst(kind + 1).first.map(String.init) == file.target
      else { return nil }
      return Finding(
        file.path, line: line.number, "a type called as its module hides the module's name")
    }
  }

  /// Words that put off, and paths of one machine.
  static func leftovers(path: String, text: String) -> [Finding] {
    let postponed = ["TO" + "DO", "FIX" + "ME", "for " + "now"]
    let places = ["/wo" + "rk/", "/tmp/" + "wt", "/ho" + "me/", "/ro" + "ot/"]
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .flatMap { index, line in
        postponed.filter(line.contains).map {
          Finding(path, line: index + 1, "`\($0)`: do it, or write an issue")
        }
          + places.filter(line.contains).map {
            Finding(path, line: index + 1, "`\($0)`: a path of one machine")
          }
      }
  }
}
