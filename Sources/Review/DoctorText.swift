// What this machine has and what it lacks, each lack with its fix.

/// One thing that was looked for on the machine.
package struct MachineCheck: Hashable, Sendable {
  /// What came of looking.
  package enum Finding: Hashable, Sendable {
    /// It is there, in these words (a version, a path's purpose).
    case found(String)
    /// It is not there, and something works less well.
    case lacking(String, fix: String)
    /// It is not there, and the runtime cannot work.
    case missing(String, fix: String)
  }

  /// A stable name in kebab-case, `cgroup-v2`.
  package let code: String
  /// What it is for people, `control groups, version 2`.
  package let title: String
  /// What came of looking.
  package let finding: Finding

  /// Makes a check.
  package init(_ code: String, _ title: String, _ finding: Finding) {
    self.code = code
    self.title = title
    self.finding = finding
  }

  /// Whether the runtime cannot work without it.
  package var isFatal: Bool {
    if case .missing = finding { true } else { false }
  }
}

/// Renders machine checks as text.
package struct DoctorText: Sendable {
  /// Colour or not.
  package var style: TextStyle

  /// Makes a renderer.
  package init(style: TextStyle = .plain) { self.style = style }

  /// One line per check, a fix below each lack, and a last line that says what it comes to.
  package func render(_ checks: [MachineCheck], runtime: String) -> String {
    let lines = checks.flatMap { check in
      switch check.finding {
      case .found(let words): ["\(style("ok", .good))       \(check.title): \(words)"]
      case .lacking(let words, let fix):
        ["\(style("lacking", .changing))  \(check.title): \(words)", "         fix: \(fix)"]
      case .missing(let words, let fix):
        ["\(style("missing", .bad))  \(check.title): \(words)", "         fix: \(fix)"]
      }
    }
    let missing = checks.count(where: \.isFatal)
    let verdict =
      missing == 0
      ? "The \(runtime) runtime can work on this machine."
      : "The \(runtime) runtime cannot work on this machine: \(missing) missing."
    return (lines + [verdict]).map { $0 + "\n" }.joined()
  }
}

/// Renders machine checks as JSON.
package enum DoctorJSON {
  /// `{"format":1,"runtime","usable","checks":[…]}`.
  package static func document(_ checks: [MachineCheck], runtime: String) -> JSONValue {
    [
      "format": .number(1),
      "runtime": .string(runtime),
      "usable": .boolean(!checks.contains(where: \.isFatal)),
      "checks": .array(checks.map(check)),
    ]
  }

  private static func check(_ check: MachineCheck) -> JSONValue {
    let (state, words, fix): (String, String, String?) =
      switch check.finding {
      case .found(let words): ("found", words, nil)
      case .lacking(let words, let fix): ("lacking", words, fix)
      case .missing(let words, let fix): ("missing", words, fix)
      }
    return [
      "code": .string(check.code), "title": .string(check.title), "state": .string(state),
      "message": .string(words), "fix": .optional(fix),
    ]
  }
}
