// What happened, as history keeps it: a line each, and as JSON.

package import FormationModel

/// Something that happened, with the fields that are told.
package struct EventLine: Hashable, Sendable {
  /// When.
  package let at: LoopTime
  /// The app; nil for the platform.
  package let app: AppName?
  /// The dyno or thing concerned; nil when it concerns none.
  package let subject: String?
  /// A stable CamelCase name, `DynoStarted`.
  package let reason: String
  /// What happened and why.
  package let message: String
  /// The revision that was in force; nil when there was none.
  package let revision: RevisionID?

  /// Makes a line.
  package init(
    at: LoopTime, app: AppName?, subject: String?, reason: String, message: String,
    revision: RevisionID?
  ) {
    self.at = at
    self.app = app
    self.subject = subject
    self.reason = reason
    self.message = message
    self.revision = revision
  }
}

/// Renders events as text.
package struct EventsText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Now, and the zone to print times in.
  package var clock: LocalClock

  /// Makes a renderer.
  package init(style: TextStyle = .plain, clock: LocalClock) {
    self.style = style
    self.clock = clock
  }

  /// `2026/11/22 03:04:11 +0100  shop web.1  DynoStarted  first release  (4e8d2a7)`.
  package func line(_ event: EventLine) -> String {
    let owner = [event.app?.rawValue ?? "platform", event.subject].compactMap { $0 }
    let revision = event.revision.map { style("  (\($0.short))", .quiet) } ?? ""
    return style(clock.stamp(event.at), .quiet) + "  "
      + style(owner.joined(separator: " ").escapingControls, .strong)
      + "  \(event.reason)  \(event.message.escapingControls)\(revision)"
  }
}

/// Renders events as JSON.
package enum EventsJSON {
  /// One event.
  package static func event(_ event: EventLine) -> JSONValue {
    [
      "at": .string(TimeText.json(event.at)),
      "app": .optional(event.app?.rawValue),
      "subject": .optional(event.subject),
      "reason": .string(event.reason),
      "message": .string(event.message),
      "revision": .optional(event.revision?.rawValue),
    ]
  }
}
