// Log lines in Heroku's form, and as JSON.

package import FormationModel

/// Who says a line.
package enum LogSource: String, Sendable, CaseIterable {
  /// A dyno.
  case app
  /// The platform, about a dyno. Heroku's name, so that what reads Heroku's logs reads these.
  case heroku
}

/// One line of the merged log.
package struct LogEntry: Hashable, Sendable {
  /// When.
  package let at: LoopTime
  /// Whose; nil for the platform's own.
  package let app: AppName?
  /// Who says it.
  package let source: LogSource
  /// The dyno, `web.1`; `muster` for what is about none.
  package let dyno: String
  /// The dyno's release; nil when nobody noted it.
  package let release: Int?
  /// Whether it was written to standard error; nil for what no dyno wrote.
  package let isError: Bool?
  /// The line.
  package let text: String

  /// Makes an entry.
  package init(
    at: LoopTime, app: AppName?, source: LogSource, dyno: String, release: Int? = nil,
    isError: Bool? = nil, text: String
  ) {
    self.at = at
    self.app = app
    self.source = source
    self.dyno = dyno
    self.release = release
    self.isError = isError
    self.text = text
  }

  /// Both lists in order of time, of equal times the left one first; each list's own order stays.
  package static func merged(_ left: [LogEntry], _ right: [LogEntry]) -> [LogEntry] {
    var merged: [LogEntry] = []
    merged.reserveCapacity(left.count + right.count)
    var rest = right[...]
    for entry in left {
      while let next = rest.first, next.at < entry.at { merged.append(rest.removeFirst()) }
      merged.append(entry)
    }
    return merged + rest
  }
}

/// Renders log lines.
package struct LogText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Whether control characters are written out: for terminals. Files and pipes get all as it is.
  package var escapes: Bool
  /// Whether lines of several apps are shown: `app[storefront/web.1]`.
  package var showsApp: Bool

  /// Makes a renderer.
  package init(style: TextStyle = .plain, escapes: Bool, showsApp: Bool = false) {
    self.style = style
    self.escapes = escapes
    self.showsApp = showsApp
  }

  /// `2026-01-31T10:00:00.000000+00:00 app[web.1]: text`, without a line end.
  package func line(_ entry: LogEntry) -> String {
    let app = showsApp ? entry.app.map { "\($0)/" } ?? "" : ""
    let prefix = "\(TimeText.log(entry.at)) \(entry.source.rawValue)[\(app)\(entry.dyno)]:"
    return "\(style(prefix, .quiet)) \(escapes ? entry.text.escapingControls : entry.text)"
  }
}

/// Renders log lines as JSON.
package enum LogJSON {
  /// One line: `{"at","app","dyno","release","source","stream","text"}`.
  package static func document(_ entry: LogEntry) -> JSONValue {
    [
      "at": .string(TimeText.json(entry.at)),
      "app": .optional(entry.app?.rawValue),
      "dyno": .string(entry.dyno),
      "release": .optional(entry.release),
      "source": .string(entry.source.rawValue),
      "stream": .optional(entry.isError.map { $0 ? "stderr" : "stdout" }),
      "text": .string(entry.text),
    ]
  }
}
