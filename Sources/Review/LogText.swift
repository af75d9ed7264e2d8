// Log lines in Heroku's form.

package import FormationModel

/// Renders log lines.
package struct LogText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Whether control characters are written out: for terminals. Files and pipes get all as it is.
  package var escapes: Bool

  /// Makes a renderer.
  package init(style: TextStyle = .plain, escapes: Bool) {
    self.style = style
    self.escapes = escapes
  }

  /// `2026-01-31T10:00:00.000000+00:00 app[web.1]: text`, without a line end. The source is `app`
  /// for what a dyno writes.
  package func line(at time: LoopTime, source: String, dyno: String, text: String) -> String {
    let prefix = style("\(TimeText.log(time)) \(source)[\(dyno)]:", .quiet)
    return "\(prefix) \(escapes ? text.escapingControls : text)"
  }
}
