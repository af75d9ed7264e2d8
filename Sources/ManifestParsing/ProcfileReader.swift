// Goes through the lines of a Procfile and collects entries and diagnostics, so that no process
// type is lost without a word.

import FormationModel
import YAMLReading

/// Reads one Procfile.
struct ProcfileReader {
  private let file: String
  private let app: String?
  private var entries: [ProcfileEntry] = []
  /// Where the last entry of each type is.
  private var last: [ProcessType: Int] = [:]
  /// Everything found so far.
  private(set) var diagnostics: [Diagnostic] = []

  /// Makes a reader for one file.
  init(file: String, app: String?) {
    self.file = file
    self.app = app
  }

  /// The entries that count: of each type the last.
  var winners: [ProcfileEntry] {
    entries.indices.filter { last[entries[$0].type] == $0 }.map { entries[$0] }
  }

  /// Reads the whole file.
  mutating func read(_ bytes: [UInt8]) {
    guard bytes.count <= ReadingBudget().bytes else {
      return report(.error, "too-large", 1, "the Procfile has \(bytes.count) bytes")
    }
    let text = ProcfileText(bytes)
    if text.wasUTF16 {
      report(.warning, "utf-16", 1, "the Procfile is UTF-16", fix: "save it as UTF-8")
    }
    let lines = text.lines.enumerated().compactMap { line($0.element, number: $0.offset + 1) }
    var index = 0
    while index < lines.count { index += take(lines[index...]) }
    judgeWhole(lines)
    bound()
  }

  /// Takes a line apart; nil for one whose characters cannot be read, unless it is a comment.
  private mutating func line(_ bytes: ArraySlice<UInt8>, number: Int) -> ProcfileLine? {
    let isComment =
      bytes.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } == UInt8(ascii: "#")
    guard !isComment, let fault = TextFault.first(in: bytes) else {
      return isComment ? nil : ProcfileLine(bytes, number: number)
    }
    let column = bytes.prefix(fault.offset).count { $0 & 0xC0 != 0x80 } + 1
    report(.error, fault.code, number, column: column, fault.message, fix: fault.fix)
    return nil
  }

  /// Takes the first of some lines, with those that belong to it. Returns how many these are.
  private mutating func take(_ lines: ArraySlice<ProcfileLine>) -> Int {
    guard let line = lines.first else { return 1 }
    switch line.kind {
    case .blank, .comment, .conflictMarker: return 1
    case .other(let name):
      ignore(line, name: name)
      return 1
    case .entry(let entry):
      if let wrapped = WrappedCommand(entry, followedBy: lines.dropFirst()) {
        report(
          .error, "multi-line-command", line.number, column: line.indentation + 1,
          "the command of `\(entry.type)` does not stand on its line: \(line.quoted)",
          fix: "write it on one line: `\(wrapped.oneLine)`")
        return 1 + wrapped.lineCount
      }
      take(entry, of: line)
      return 1
    }
  }

  private mutating func take(_ entry: ProcfileLine.Entry, of line: ProcfileLine) {
    let column = line.indentation + 1
    if entry.command.isEmpty {
      return report(
        .warning, "empty-command", line.number, column: column,
        "`\(entry.type)` has no command, so there is no such process type: \(line.quoted)",
        fix: "write its command, or delete the line")
    }
    if entry.hasBlankBeforeColon {
      report(
        .warning, "space-before-colon", line.number, column: column,
        "a space stands before the colon, and Heroku would run `: …`, which does nothing:"
          + " \(line.quoted)", fix: "write `\(entry.corrected)`")
    } else if !entry.hasBlankAfterColon {
      report(
        .warning, "no-space-after-colon", line.number, column: column,
        "no space follows the colon, and Heroku may skip the line: \(line.quoted)",
        fix: "write `\(entry.corrected)`")
    }
    for oddity in ProcfileOddity.all(in: entry.command) {
      report(.warning, oddity.code, line.number, column: column, oddity.message, fix: oddity.fix)
    }
    last[entry.type] = entries.count
    entries.append(
      ProcfileEntry(
        type: entry.type, command: entry.command,
        mark: SourceMark(file: file, line: line.number, column: column)))
  }

  private mutating func ignore(_ line: ProcfileLine, name: String?) {
    if let name {
      report(
        .warning, "ignored-line", line.number, column: line.indentation + 1,
        "this line has no colon and is not read; Heroku would take `\(name)` for a process type:"
          + " \(line.quoted)",
        fix: "write `\(name): …` if it is one, else delete the line or put `#` before it")
    } else {
      report(
        .warning, "ignored-line", line.number, column: line.indentation + 1,
        "this line is no process type and is not read: \(line.quoted)",
        fix: "write `type: command`; a comment starts with `#`")
    }
  }

  private mutating func warnAboutDuplicates() {
    for (index, entry) in entries.enumerated() {
      guard let position = last[entry.type], position != index else { continue }
      let winner = entries[position]
      report(
        .warning, "duplicate-process-type", entry.mark.line, column: entry.mark.column,
        "`\(entry.type)` is here more than once; this command is not used: "
          + "`\(entry.command.prefix(80))`",
        fix: "delete the line; to run both, join them by `&&`",
        related: [.init(mark: winner.mark, message: "the last one counts")])
    }
  }

  /// Says what is true of the file as a whole.
  private mutating func judgeWhole(_ lines: [ProcfileLine]) {
    let markers = lines.filter { if case .conflictMarker = $0.kind { true } else { false } }
    if let first = markers.first {
      return report(
        .error, "conflict-marker", first.number,
        "a merge conflict was committed: \(first.quoted)",
        fix: "keep one side and delete the markers",
        related: markers.dropFirst().map {
          .init(
            mark: SourceMark(file: file, line: $0.number, column: 1), message: "another marker")
        })
    }
    warnAboutDuplicates()
    guard entries.isEmpty, !diagnostics.contains(where: { $0.severity == .error }) else { return }
    let hasText = lines.contains { if case .blank = $0.kind { false } else { true } }
    if hasText {
      report(
        .error, "no-process-types", 1, "no line of the Procfile is a process type",
        fix: "write `web: COMMAND`")
    } else {
      report(.warning, "empty-procfile", 1, "the Procfile is empty")
    }
  }

  /// Keeps the errors and the first of the rest when there are too many to be read.
  private mutating func bound() {
    diagnostics.sort {
      ($0.mark?.line ?? 0, $0.mark?.column ?? 0) < ($1.mark?.line ?? 0, $1.mark?.column ?? 0)
    }
    let most = Limits().diagnosticsPerFile
    guard diagnostics.count > most else { return }
    let surplus = diagnostics.count - most
    let errors = diagnostics.filter { $0.severity == .error }
    let rest = diagnostics.filter { $0.severity != .error }
    diagnostics = Array((errors + rest).prefix(most))
    report(.warning, "too-many-diagnostics", 1, "\(surplus) more problems are not shown")
  }

  private mutating func report(
    _ severity: Diagnostic.Severity, _ code: String, _ line: Int, column: Int = 1,
    _ message: String, fix: String? = nil, related: [Diagnostic.Related] = []
  ) {
    diagnostics.append(
      Diagnostic(
        severity, code, at: SourceMark(file: file, line: line, column: column), app: app, message,
        fix: fix, related: related))
  }
}
