// The schemas of what commands print with `--format json`. A member more or less is another format
// number, so everything is required and nothing else is allowed.

import FormationModel
import Planning

/// Schemas of printed documents.
package enum DocumentSchema {
  /// The documents that there are schemas of, by command.
  package static let names = types.keys.sorted()

  /// The schema of what a command prints; nil when there is none.
  package static func schema(_ name: String) -> JSONValue? {
    guard let type = types[name],
      case .object(let members) = SchemaWriter(places: [:]).schema(type)
    else { return nil }
    return .object(
      [
        .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
        .init("title", .string("muster \(name) --format json")),
      ] + members)
  }

  private static let types: [String: FieldType] = [
    "plan": plan, "diff": diff, "validate": validate, "status": status, "ps": dynos,
    "holds": holds, "doctor": doctor, "catalog": catalog, "set": set, "adopt": adopt,
    "events": event, "logs": logLine, "reconcile": reconcileLine, "why": why, "config": config,
    "secrets": secrets, "metrics": metrics, "usage": usage, "gc": collection,
    "releases": releases,
  ]

  static let text = FieldType.optional(.string)
  static let count = FieldType.optional(.integer)
  static let time = FieldType.optional(.time)

  // MARK: - Plans

  static let plan = FieldType.object([
    "format": .integer, "revision": text, "apps": .list(app), "holds": .list(hold),
    "router": .optional(router), "summary": summary,
  ])

  private static let router = FieldType.object([
    "address": text, "http": count, "apps": .integer,
    "failure": .optional(.object(["code": .string, "message": .string])),
  ])

  private static let app = FieldType.object([
    "name": .string, "source": .optional(source),
    "sync": .words(SyncStatus.Value.allCases.map(\.rawValue)),
    "health": .words(HealthStatus.Value.allCases.map(\.rawValue)),
    "changes": .list(change), "waits": .list(wait), "holds": .list(hold),
    "overrides": .list(override),
  ])

  private static let override = FieldType.object([
    "field": .words(["quantity", "size", "stopped", "maintenance"]), "process": text,
    "value": .anything, "git": .anything, "by": .string, "at": .time, "until": time, "reason": text,
  ])

  private static let source = FieldType.object([
    "repository": text, "ref": text, "revision": text,
  ])

  private static let change = FieldType.object([
    "action": .words(Change.Action.allCases.map(\.rawValue)),
    "subject": .object(["kind": .words(["dyno", "release"]), "name": text]),
    "process": text, "reason": .string, "because": .optional(because),
    "release": count,
    "no_room": .optional(.object(["needed_bytes": .integer, "room_bytes": .integer])),
  ])

  private static let because = FieldType.object([
    "field": .string, "from": .string, "to": .string, "file": text, "line": count,
  ])

  private static let wait = FieldType.object([
    "subject": .optional(.object(["kind": .string, "name": .string])), "reason": .string,
    "until": time,
  ])

  private static let hold = FieldType.object([
    "id": .string, "app": text, "reason": .string, "message": .string, "release": .string,
    "file": text, "line": count, "until": time,
  ])

  private static let heldSince = FieldType.object([
    "id": .string, "app": text, "reason": .string, "message": .string, "release": .string,
    "file": text, "line": count, "until": time, "since": time,
  ])

  static let holds = FieldType.object(["format": .integer, "holds": .list(heldSince)])

  private static let summary = FieldType.object([
    "start": .integer, "stop": .integer, "replace": .integer, "release": .integer,
    "addons": .integer, "routes": .integer, "held": .integer, "denied": .integer,
  ])

  // MARK: - Review

  private static let diff = FieldType.object([
    "format": .integer, "base": text, "head": text,
    "apps": .list(
      .object([
        "name": .string, "kind": .words(["added", "removed", "changed", "rejected"]),
        "changes": .list(change), "settings": .list(because), "diagnostics": .list(diagnostic),
      ])),
    "holds": .list(hold),
    "unseen": .list(
      .object([
        "repository": text, "ref": text, "kind": .words(["added", "removed", "both"]),
      ])),
    "summary": summary,
  ])

  private static let validate = FieldType.object([
    "format": .integer,
    "apps": .list(
      .object([
        "name": .string,
        "processes": .list(
          .object([
            "type": .string, "command": .string, "quantity": .integer, "size": .string,
          ])),
      ])),
    "diagnostics": .list(diagnostic),
  ])

  private static let diagnostic = FieldType.object([
    "severity": .words(Diagnostic.Severity.allCases.map(\.rawValue)), "code": .string,
    "app": text, "source": text, "file": text, "line": count, "column": count,
    "message": .string, "fix": text,
    "related": .list(
      .object([
        "file": .string, "line": .integer, "column": .integer, "message": .string,
      ])),
  ])

  private static let set = FieldType.object([
    "format": .integer, "app": .string, "file": .string,
    "changes": .list(
      .object(["field": .string, "from": text, "to": .string, "line": .integer])),
  ])

  // MARK: - The live platform

  static let status = FieldType.object([
    "format": .integer,
    "apps": .list(
      .object([
        "name": .string, "sync": axis, "health": axis, "release": count, "revision": text,
        "overrides": .list(override), "dynos": .object(["up": .integer, "wanted": .integer]),
        "holds": .list(.string), "requests": .optional(requests),
      ])),
    "router_complaints": .list(
      .object(["code": .string, "message": .string, "fix": text])),
    "memory_lost_at": time,
  ])

  private static let spans = FieldType.object([
    "p50": .integer, "p95": .integer, "p99": .integer,
  ])

  private static let recentRequests = FieldType.object([
    "total": .integer, "server_errors": .integer, "per_second": .decimal,
    "service": .optional(spans), "queue": .optional(spans),
  ])

  static let requests = FieldType.object([
    "total": .integer, "since": .time,
    "statuses": .list(.object(["class": .string, "count": .integer])),
    "codes": .list(.object(["code": .string, "count": .integer])),
    "bytes": .integer, "active": count, "last": time, "service": .optional(spans),
    "minute": recentRequests, "five_minutes": recentRequests,
  ])

  private static let axis = FieldType.object([
    "value": .string, "reason": .string, "since": time,
  ])

  static let dynos = FieldType.object([
    "format": .integer,
    "dynos": .list(
      .object([
        "app": text, "name": .string, "type": .string,
        "state": .words(DynoStanding.State.allCases.map(\.rawValue)), "since": time,
        "size": .string, "command": .string, "release": count, "attempt": count,
        "address": text, "port": count, "exit": .optional(exit), "crashes": .integer,
        "crashing_since": time, "next_start": time,
      ])),
    "stopped": .list(
      .object([
        "app": text, "name": .string, "type": .string, "by": .string, "at": .time, "reason": text,
      ])),
  ])

  private static let exit = FieldType.object([
    "code": count, "at": .time, "requested": .boolean, "out_of_memory": .boolean,
  ])

  private static let doctor = FieldType.object([
    "format": .integer, "runtime": .string, "usable": .boolean,
    "checks": .list(
      .object([
        "code": .string, "title": .string, "state": .words(["found", "lacking", "missing"]),
        "message": .string, "fix": text,
      ])),
  ])

  private static let catalog = FieldType.object([
    "format": .integer,
    "dyno_types": .list(
      .object([
        "name": .string, "tier": .string, "memory_bytes": .integer,
        "memory_kill_bytes": .integer, "cpu_share": .integer, "dedicated_cores": count,
        "process_limit": .integer, "sleeps": .boolean, "heroku_list_price_cents": count,
      ])),
    "stacks": .list(.object(["name": .string, "source": .string, "shell": .string])),
    "addons": .list(
      .object([
        "name": .string, "config_prefix": .string, "holds_data": .boolean,
        "plans": .list(.object(["name": .string, "heroku_list_price_cents": count])),
      ])),
  ])

  private static let adopt = FieldType.object([
    "format": .integer, "identity": .words(["whole", "new", "lost", "adopted"]),
    "parts": .list(.string),
    "apps": .list(.object(["name": .string, "release": count])),
    "controllers": .list(.object(["id": .string, "records": .integer])),
  ])
}
