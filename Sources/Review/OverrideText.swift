// Words for what is in force by hand beside what git asks for, and for the orders behind it.

package import FormationModel
package import Planning

/// Words for overrides.
package struct OverrideText: Sendable {
  /// Now, and the zone to print times in; nil prints times in UTC.
  package var clock: LocalClock?

  /// Makes a renderer.
  package init(clock: LocalClock?) { self.clock = clock }

  /// `By hand:` and one line for each; nothing when nothing is in force by hand.
  package func lines(_ apps: [(app: AppName, overrides: [OverrideStanding])]) -> [String] {
    let lines = apps.flatMap { app, overrides in overrides.map { "  \(app) \(words($0))" } }
    return lines.isEmpty ? [] : ["By hand:"] + lines
  }

  /// `worker 0 (git: 4), by ada until 08:00: poison job`.
  package func words(_ override: OverrideStanding) -> String {
    Self.words(override.subject) + ", " + words(override.origin, until: override.until)
  }

  /// `by ada: poison job`.
  static func words(_ origin: OrderOrigin) -> String {
    OverrideText(clock: nil).words(origin, until: nil)
  }

  private static func words(_ subject: OverrideStanding.Subject) -> String {
    switch subject {
    case .quantity(let type, let quantity, let git): "\(type) \(quantity) (git: \(git))"
    case .size(let type, let size, let git): "\(type) \(size) (git: \(git))"
    case .stopped(let target, let exceptions):
      "\(target.dynoWords) stopped"
        + (exceptions.isEmpty
          ? "" : " (but \(exceptions.map(\.dynoWords).joined(separator: ", ")))")
    case .maintenance(let isOn): "maintenance \(isOn ? "on" : "off")"
    }
  }

  private func words(_ origin: OrderOrigin, until: LoopTime?) -> String {
    let time = until.map { " until " + (clock?.hour($0) ?? TimeText.json($0)) } ?? ""
    return "by \(origin.by.escapingControls)\(time)"
      + (origin.reason.map { ": \($0.escapingControls)" } ?? "")
  }
}

/// Renders overrides as JSON.
enum OverrideJSON {
  static func override(_ override: OverrideStanding) -> JSONValue {
    let (field, process, value, git) = parts(override.subject)
    return [
      "field": .string(field), "process": .optional(process), "value": value, "git": git,
      "by": .string(override.origin.by), "at": .string(TimeText.json(override.origin.at)),
      "until": .optional(override.until.map(TimeText.json)),
      "reason": .optional(override.origin.reason),
    ]
  }

  private static func parts(
    _ subject: OverrideStanding.Subject
  ) -> (String, String?, JSONValue, JSONValue) {
    switch subject {
    case .quantity(let type, let quantity, let git):
      ("quantity", type.rawValue, .number(quantity), .number(git))
    case .size(let type, let size, let git):
      ("size", type.rawValue, .string(size.rawValue), .string(git.rawValue))
    case .stopped(let target, let exceptions):
      (
        "stopped", target.process?.rawValue,
        [
          "target": .string(target.description),
          "except": .array(exceptions.map { .string($0.description) }),
        ], .null
      )
    case .maintenance(let isOn): ("maintenance", nil, .boolean(isOn), .null)
    }
  }
}

/// Words for orders, as history keeps them.
package enum OrderText {
  /// A stable CamelCase name, `Scaled`.
  package static func name(_ wish: Wish) -> String {
    switch wish {
    case .scale: "Scaled"
    case .stop: "Stopped"
    case .start: "Started"
    case .restart: "RestartAsked"
    case .suspend: "Suspended"
    case .resume: "Resumed"
    case .maintenance: "MaintenanceSet"
    case .retry: "RetryAsked"
    case .rollback: "RolledBack"
    case .undo: "RemovalUndone"
    case .confirm: "HoldConfirmed"
    case .run: "OneOffAsked"
    }
  }

  /// `worker=0 until 2026-11-22T08:00:00Z, by ada: poison job`.
  package static func words(_ order: Order) -> String {
    "\(words(order.wish)), \(OverrideText.words(order.origin))"
  }

  /// What is asked for, in a few words: `worker=0`, `restart of web.1`.
  package static func words(_ wish: Wish) -> String {
    switch wish {
    case .scale(_, let wishes, let until):
      wishes.map(words).joined(separator: " ")
        + (until.map { " until \(TimeText.seconds($0))" } ?? "")
    case .stop(let target): "\(target.dynoWords) stopped"
    case .start(let target): "\(target.dynoWords) started again"
    case .restart(let target): "restart of \(target.dynoWords)"
    case .suspend(let apps, let suspension):
      "\(suspension == .everything ? "everything" : "deploys") suspended\(words(apps))"
    case .resume(let apps): "what was begun by hand is ended\(words(apps))"
    case .maintenance(_, let isOn): "maintenance \(isOn ? "on" : "off")"
    case .retry: "what failed is tried again"
    case .rollback(_, let release): "rollback" + (release.map { " to v\($0)" } ?? "")
    case .undo: "the last removal is undone"
    case .confirm(let hold): "\(hold.rawValue.escapingControls) confirmed"
    case .run(_, let request): "one-off dyno `\(request.command.escapingControls)`"
    }
  }

  /// The apps that an order is about; empty for the platform.
  package static func apps(_ wish: Wish) -> [AppName] {
    switch wish {
    case .scale(let app, _, _), .maintenance(let app, _), .retry(let app), .rollback(let app, _),
      .run(let app, _):
      [app]
    case .stop(let target), .start(let target), .restart(let target): [target.app]
    case .suspend(.apps(let names), _), .resume(.apps(let names)): names
    case .suspend(.all, _), .resume(.all), .undo, .confirm: []
    }
  }

  /// `worker quantity by hand ended: its time was over`.
  package static func words(_ end: OverrideEnd) -> String {
    let subject =
      switch end.subject {
      case .quantity(let type): "\(type) quantity by hand"
      case .size(let type): "\(type) size by hand"
      case .stop(let target): "stop of \(target.dynoWords)"
      }
    let cause =
      switch end.cause {
      case .timeOver: "its time was over"
      case .changedInGit: "a commit changed it"
      case .removedFromGit: "the process type left git"
      }
    return "\(subject) ended: \(cause)"
  }

  private static func words(_ scale: ScaleWish) -> String {
    switch (scale.quantity, scale.size) {
    case (let quantity?, let size?): "\(scale.type)=\(quantity):\(size)"
    case (let quantity?, nil): "\(scale.type)=\(quantity)"
    case (nil, let size?): "\(scale.type)=\(size)"
    case (nil, nil): "\(scale.type)"
    }
  }

  private static func words(_ apps: AppSelection) -> String {
    switch apps {
    case .all: " for all apps"
    case .apps(let names):
      names.count > 1 ? " for \(names.map(\.rawValue).joined(separator: ", "))" : ""
    }
  }
}
