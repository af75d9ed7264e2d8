// The order of diagnostics, and their bound per file: the same on every machine.

import FormationModel

/// Orders diagnostics.
enum DiagnosticOrder {
  /// By file, line and column; what has no place comes first.
  static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.sorted(by: precedes)
  }

  /// Sorted, with at most so many of one file; a note counts the others. Errors are kept first.
  static func bounded(_ diagnostics: [Diagnostic], perFile: Int) -> [Diagnostic] {
    let all = sorted(diagnostics)
    let byFile = Dictionary(grouping: all) { $0.mark?.file ?? "" }
    let crowded = byFile.filter { $0.value.count > perFile }
    if crowded.isEmpty { return all }
    var result = all.filter { crowded[$0.mark?.file ?? ""] == nil }
    for (file, found) in crowded {
      let errors = found.filter { $0.severity == .error }
      let others = found.filter { $0.severity != .error }
      let kept = (errors + others).prefix(perFile)
      result += kept
      let last = kept.last?.mark
      result.append(
        Diagnostic(
          .note, "more-problems", at: last, app: kept.last?.app,
          "\(found.count - kept.count) more in \(file.isEmpty ? "the repository" : file)"))
    }
    return result.sorted(by: precedes)
  }

  private static func precedes(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
    let leftFile = left.mark?.file ?? ""
    let rightFile = right.mark?.file ?? ""
    if leftFile != rightFile { return leftFile.utf8.lexicographicallyPrecedes(rightFile.utf8) }
    let leftKey = (left.mark?.line ?? 0, left.mark?.column ?? 0, rank(left.severity))
    let rightKey = (right.mark?.line ?? 0, right.mark?.column ?? 0, rank(right.severity))
    if leftKey != rightKey { return leftKey < rightKey }
    return (left.app ?? "", left.code, left.message) < (right.app ?? "", right.code, right.message)
  }

  private static func rank(_ severity: Diagnostic.Severity) -> Int {
    switch severity {
    case .error: 0
    case .warning: 1
    case .note: 2
    }
  }
}
