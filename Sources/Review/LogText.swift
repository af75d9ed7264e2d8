// Log lines in Heroku's form.

package import FormationModel

/// Renders log lines.
package struct LogText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Whether control characters are written out; for terminals. Files and pipes get bytes as they are.
  package var escapes: Bool

  /// Makes a renderer.
  package init(style: TextStyle = .plain, escapes: Bool) {
    self.style = style
    self.escapes = escapes
  }

  /// `2026-01-31T10:00:00.000000+00:00 app[web.1]: text`, without a line end. `source` is `app` for
  /// what a dyno writes; `app` is printed in front when lines of several apps are mixed.
  package func line(
    at time: LoopTime, source: String = "app", dyno: SlotID, text: String, showsApp: Bool = false
  ) -> String {
    let app = showsApp ? dyno.app.map { "\($0) " } ?? "" : ""
    let prefix = "\(TimeText.log(time)) \(app)\(source)[\(dyno.dynoName)]:"
    return "\(style(prefix, .quiet)) \(escapes ? text.escapingControls : text)"
  }
}

/// Log lines as JSON, one object a line.
package enum LogJSON {
  /// The object, without a line end.
  package static func line(
    at time: LoopTime, source: String = "app", dyno: SlotID, isError: Bool, text: String
  ) -> String {
    let value: JSONValue = [
      "at": .text(TimeText.json(time)),
      "app": .optional(dyno.app?.rawValue),
      "source": .text(source),
      "dyno": .text(dyno.dynoName),
      "stream": .text(isError ? "stderr" : "stdout"),
      "text": .text(text),
    ]
    return value.line
  }
}
