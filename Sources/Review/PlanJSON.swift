// A plan as programs read it: format 1 of docs/reference/cli.md. No machine's paths, no relative
// times.

import FormationModel
package import Planning

/// Renders plans as JSON.
package enum PlanJSON {
  /// The document, format 1.
  package static func document(_ plan: Plan) -> JSONValue {
    [
      "format": .number(1),
      "revision": .optional(plan.revision?.rawValue),
      "apps": .array(plan.apps.map(app)),
      "holds": .array(plan.platformHolds.map(HoldsJSON.hold)),
      "router": plan.router.map(router) ?? .null,
      "summary": summary(PlanSummary(plan)),
    ]
  }

  static func router(_ router: RouterPlan) -> JSONValue {
    [
      "address": .optional(router.entry?.address), "http": .optional(router.entry?.http),
      "apps": .integer(router.apps),
      "failure": router.failure.map { ["code": .string($0.code), "message": .string($0.message)] }
        ?? .null,
    ]
  }

  static func app(_ app: AppPlan) -> JSONValue {
    [
      "name": .string(app.app.rawValue),
      "source": source(app.source, app.revision),
      "sync": .string(app.sync.value.rawValue),
      "health": .string(app.health.value.rawValue),
      "changes": .array(app.changes.map(change)),
      "waits": .array(app.waits.map(wait)),
      "holds": .array(app.holds.map(HoldsJSON.hold)),
      "overrides": .array(app.overrides.map(OverrideJSON.override)),
    ]
  }

  /// Where an app's manifests come from; null for the platform's own repository.
  static func source(_ source: AppSource?, _ revision: RevisionID?) -> JSONValue {
    guard let source else { return .null }
    return [
      "repository": .optional(source.repository), "ref": .optional(source.ref),
      "revision": .optional(revision?.rawValue),
    ]
  }

  static func change(_ change: Change) -> JSONValue {
    [
      "action": .string(change.action.rawValue),
      "subject": subject(change),
      "process": .optional(change.slot?.process.rawValue),
      "reason": .string(change.reason.code),
      "because": change.because.map(because) ?? .null,
      "release": .optional(change.to),
      "no_room": change.gap.map(gap) ?? .null,
    ]
  }

  static func gap(_ gap: MemoryGap) -> JSONValue {
    ["needed_bytes": .integer(Int(gap.needed)), "room_bytes": .integer(Int(gap.room))]
  }

  static func subject(_ change: Change) -> JSONValue {
    if let slot = change.slot { return ["kind": .string("dyno"), "name": .string(slot.dynoName)] }
    if change.action == .route { return ["kind": .string("route"), "name": .null] }
    return ["kind": .string("release"), "name": .optional(change.to.map { "v\($0)" })]
  }

  static func because(_ because: Because) -> JSONValue {
    [
      "field": .string(because.change.field.rawValue),
      "from": .string(FieldChangeText.safe(because.change.from, of: because.change.field)),
      "to": .string(FieldChangeText.safe(because.change.to, of: because.change.field)),
      "file": .optional(because.mark?.file),
      "line": .optional(because.mark?.line),
    ]
  }

  static func wait(_ wait: Wait) -> JSONValue {
    [
      "subject": wait.slot.map { ["kind": .string("dyno"), "name": .string($0.dynoName)] } ?? .null,
      "reason": .string(WaitText.code(wait.cause)),
      "until": .optional(wait.until.map(TimeText.json)),
    ]
  }

  static func summary(_ summary: PlanSummary) -> JSONValue {
    [
      "start": .number(summary.start),
      "stop": .number(summary.stop),
      "replace": .number(summary.replace),
      "release": .number(summary.release),
      "addons": .number(0),
      "routes": .number(summary.routes),
      "held": .number(summary.held),
      "denied": .number(0),
    ]
  }
}
