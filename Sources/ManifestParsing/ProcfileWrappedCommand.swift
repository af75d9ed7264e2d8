// Commands that go on below their line, as YAML and shells have them and a Procfile does not:
// Heroku would run their first line alone.

/// A command that is written on several lines.
struct WrappedCommand {
  /// The entry as it has to be written.
  let oneLine: String
  /// How many lines below the entry's belong to it.
  let lineCount: Int

  /// Returns nil when the entry's command ends on its line.
  init?(_ entry: ProcfileLine.Entry, followedBy lines: ArraySlice<ProcfileLine>) {
    let isBlock = ["|", "|-", "|+", ">", ">-", ">+"].contains(entry.command)
    let isContinued = ProcfileOddity.isContinued(entry.command)
    guard entry.command.isEmpty || isBlock || isContinued else { return nil }
    let rest = lines.prefix(while: Self.mayContinue)
    guard !rest.isEmpty else { return nil }
    lineCount = rest.count
    var parts = (isContinued ? [entry.command] : []) + rest.map(\.text)
    if let first = parts.first, first.hasPrefix("command:") {
      parts = [String(first.dropFirst("command:".count).drop { $0 == " " })]
    }
    let joined = parts.map(Self.withoutBackslash)
      .joined(separator: entry.command.hasPrefix("|") ? " && " : " ")
    oneLine = "\(entry.type): \(joined.prefix(200))"
  }

  /// Whether a line may be the rest of a command above it.
  private static func mayContinue(_ line: ProcfileLine) -> Bool {
    switch line.kind {
    case .blank, .comment, .conflictMarker: false
    case .entry(let entry): line.indentation > 0 || !entry.isPlain
    case .other: true
    }
  }

  private static func withoutBackslash(_ part: String) -> String {
    guard ProcfileOddity.isContinued(part) else { return part }
    var text = part.dropLast()
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
