// What a state directory whose identity is lost still holds, and what taking it over means.

package import FormationModel

/// A state directory without its identity.
package struct OrphanedState: Hashable, Sendable {
  /// Its path; in no JSON.
  package let path: String
  /// Names of the parts that are there.
  package let parts: [String]
  /// Apps that are remembered, with their newest release; nil before the first.
  package let apps: [AppName: Int?]
  /// Records of instances, by the short id of the controller that made them.
  package let controllers: [String: Int]

  /// Gathers what is there.
  package init(
    path: String, parts: [String], apps: [AppName: Int?], controllers: [String: Int]
  ) {
    self.path = path
    self.parts = parts
    self.apps = apps
    self.controllers = controllers
  }

  /// The controller whose name the new identity carries on: the only one that left records.
  package var heir: String? { controllers.count == 1 ? controllers.keys.first : nil }
}

/// Words for taking over a state directory.
package enum AdoptText {
  /// What is there, what taking it over means, and the line to type.
  package static func offer(_ state: OrphanedState) -> String {
    var lines = ["The identity of \(state.path) is gone. What is left:"]
    lines.append("  parts: \(state.parts.joined(separator: ", "))")
    lines += state.apps.sorted { $0.key < $1.key }.map { app, release in
      "  app \(app)" + (release.map { ", last release v\($0)" } ?? "")
    }
    lines += state.controllers.sorted { $0.key < $1.key }.map { controller, count in
      "  \(Count.of(count, "dyno record")) of controller \(controller)"
    }
    lines += ["", "Taking it over makes a new identity:"]
    lines += consequences(state).map { "  - \($0)" }
    lines += [
      "", "A backup of its folder `identity` is better: put it back instead if there is one.",
      "To take it over: muster adopt --confirm \(state.path)",
    ]
    return lines.map { $0.escapingControls + "\n" }.joined()
  }

  private static func consequences(_ state: OrphanedState) -> [String] {
    let records: String =
      if state.controllers.isEmpty {
        "no dyno has a record here, so nothing that runs is taken over"
      } else if let heir = state.heir {
        "the dynos of controller \(heir) are taken to be ours again"
      } else {
        "records of several controllers are here: none of their dynos is taken over; "
          + "each is reported and left alone"
      }
    return [
      records,
      "fingerprints of config vars cannot be compared any more: dynos that have some are replaced "
        + "once, as a rollout does it",
      "releases, holds, generated secrets and the binding stay as they are",
    ]
  }

  /// What was done.
  package static func done(_ state: OrphanedState, controller: String) -> String {
    """
    Took over \(state.path.escapingControls) as controller \(controller).
    Next: `muster plan` shows what it means; `muster reconcile` acts on it.

    """
  }
}

/// The same as JSON.
package enum AdoptJSON {
  /// `{"format":1,"identity":"whole|new|lost|adopted","parts","apps","controllers"}`.
  package static func document(_ identity: String, _ state: OrphanedState?) -> JSONValue {
    [
      "format": .integer(1),
      "identity": .string(identity),
      "parts": .array((state?.parts ?? []).map(JSONValue.string)),
      "apps": .array(
        (state?.apps ?? [:]).sorted { $0.key < $1.key }.map { app, release in
          ["name": .string(app.rawValue), "release": .optional(release)]
        }),
      "controllers": .array(
        (state?.controllers ?? [:]).sorted { $0.key < $1.key }.map { controller, records in
          ["id": .string(controller), "records": .integer(records)]
        }),
    ]
  }
}
