// Which YAML tags are read: those of the core schema that say what the text says anyway.

/// What a tag does to a value.
enum TagRule {
  private static let core = "tag:yaml.org,2002:"

  /// Throws unless a list or mapping may have this tag.
  static func check(
    _ tag: String?, on kind: NodeBuilder.Kind, at mark: TextMark
  ) throws(ReadingProblem) {
    guard let tag else { return }
    let expected = kind == .sequence ? "seq" : "map"
    guard tag == "!" || tag == core + expected else { throw refusal(of: tag, at: mark) }
  }

  /// Returns the scalar as its tag says: `!!str` makes text of it, as quotes would; `!!int`,
  /// `!!bool`, `!!float` and `!!null` take quotes away.
  static func apply(
    _ tag: String?, to scalar: YAMLScalar, at mark: TextMark
  ) throws(ReadingProblem) -> YAMLScalar {
    guard let tag else { return scalar }
    switch tag {
    case "!", core + "str": return YAMLScalar(text: scalar.text, isQuoted: true)
    case core + "int", core + "bool", core + "float", core + "null":
      return YAMLScalar(text: scalar.text, isQuoted: false)
    default: throw refusal(of: tag, at: mark)
    }
  }

  /// Throws at the first `%TAG`: it names tags that are refused anyway, and libyaml compares every
  /// one with all before it, which takes seconds within the budget of bytes.
  static func refuseDirectives(in source: SourceText) throws(ReadingProblem) {
    let directive = Array("%TAG".utf8)
    var isLineStart = true
    for offset in source.start..<max(source.start, source.bytes.count) {
      let byte = source.bytes[offset]
      if isLineStart, byte == directive[0], source.bytes[offset...].starts(with: directive) {
        throw ReadingProblem(
          "tag", "the directive `%TAG` is not read", at: source.mark(at: offset),
          fix: "delete the line")
      }
      isLineStart = byte == .newline || byte == .carriageReturn
    }
  }

  private static func refusal(of tag: String, at mark: TextMark) -> ReadingProblem {
    let shown = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
    return ReadingProblem(
      "tag", "the tag `\(shown.excerpt)` means nothing here", at: mark,
      fix: "leave it out; quote the value if it is meant as text")
  }
}
