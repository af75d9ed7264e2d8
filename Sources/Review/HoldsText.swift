// Holds as a list: for `holds`, and at the end of a plan.

package import FormationModel
package import Planning

/// Renders holds as text.
package struct HoldsText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Since when each hold is known, where that is known, and the clock to tell it by.
  package var since: [HoldID: LoopTime] = [:]
  /// The clock for since-times, and for how long it still takes; nil leaves them out.
  package var clock: LocalClock?

  /// Makes a renderer without since-times.
  package init(style: TextStyle = .plain) { self.style = style }

  /// Everything that is held, with a line end at its end; `Nothing is held.` when nothing is.
  package func render(_ holds: [Hold]) -> String {
    holds.isEmpty ? "Nothing is held.\n" : lines(holds).joined(separator: "\n") + "\n"
  }

  /// Two to four lines per hold; none when nothing is held.
  package func lines(_ holds: [Hold]) -> [String] {
    guard !holds.isEmpty else { return [] }
    return ["Held:"] + holds.flatMap(lines)
  }

  private func lines(_ hold: Hold) -> [String] {
    let place = hold.mark.map { "  (\($0.file):\($0.line))" } ?? ""
    let owner = hold.app.map { "\($0): " } ?? ""
    var lines = [
      "  \(style(hold.id.rawValue.escapingControls, .changing))  "
        + (owner + HoldText.words(hold, now: clock?.now)).escapingControls + style(place, .quiet)
    ]
    if let clock, let since = since[hold.id] {
      lines.append("    since \(clock.stampWithAge(since))")
    }
    if let fix = HoldText.fix(hold), fix != hold.release {
      lines.append("    \(fix.escapingControls)")
    }
    return lines + ["    to free it: \(hold.release.escapingControls)"]
  }
}

/// Renders holds as JSON.
package enum HoldsJSON {
  /// `{"format":1,"holds":[…]}`.
  package static func document(_ holds: [Hold], since: [HoldID: LoopTime] = [:]) -> JSONValue {
    [
      "format": .number(1),
      "holds": .array(
        holds.map { hold in
          guard case .object(let members) = Self.hold(hold) else { return .null }
          let time = JSONValue.optional(since[hold.id].map(TimeText.json))
          return .object(members + [.init("since", time)])
        }),
    ]
  }

  static func hold(_ hold: Hold) -> JSONValue {
    [
      "id": .string(hold.id.rawValue),
      "app": .optional(hold.app?.rawValue),
      "reason": .string(hold.code),
      "message": .string(HoldText.words(hold)),
      "release": .string(hold.release),
      "file": .optional(hold.mark?.file),
      "line": .optional(hold.mark?.line),
      "until": .optional(hold.opening.map(TimeText.json)),
    ]
  }
}
