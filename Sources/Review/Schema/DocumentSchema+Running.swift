// The schemas of what commands print about a platform at work. Of those that print an object a
// line, the schema is that of a line.

import FormationModel
import Planning

extension DocumentSchema {
  private static let share = FieldType.optional(.decimal)

  // MARK: - Lines

  static let event = FieldType.object([
    "at": .time, "app": text, "subject": text, "reason": .string, "message": .string,
    "revision": text,
  ])

  static let logLine = FieldType.object([
    "at": .time, "app": text, "dyno": .string, "release": count,
    "source": .words(["app", "heroku"]), "stream": text, "text": .string,
  ])

  /// A step, an order, a secret that was changed, or the end.
  static let reconcileLine = FieldType.either([
    .object([
      "event": .words(["step"]), "app": text, "action": .string, "subject": text,
      "reason": .string, "outcome": .words(["done", "failed"]), "code": text, "message": text,
      "milliseconds": .integer,
    ]),
    .object([
      "event": .words(["order"]), "apps": .list(.string), "reason": .string, "message": .string,
      "by": .string,
    ]),
    .object([
      "event": .words(["secret"]), "name": .string, "app": text, "from": count, "to": count,
    ]),
    .object([
      "event": .words(["end"]), "revision": text, "verdict": .string, "exit": .integer,
      "started": .integer, "stopped": .integer, "failed": .integer, "plan": .optional(plan),
    ]),
  ])

  // MARK: - Why

  static let why = FieldType.object([
    "format": .integer, "app": .string, "status": status, "dynos": dynos,
    "release": .optional(
      .object([
        "number": .integer, "revision": .string, "recorded_at": .time, "summary": .string,
        "author": text, "subject": text,
      ])),
    "holds": holds, "events": .list(event), "change_before_trouble": .optional(event),
    "last_lines": .list(.string), "last_lines_of": text,
  ])

  static let releases = FieldType.object([
    "format": .integer, "app": .string,
    "releases": .list(
      .object([
        "version": .integer, "description": .string,
        "status": .words(ReleaseStanding.Status.allCases.map(\.rawValue)), "current": .boolean,
        "created_at": .time, "revision": .string, "slug": .string, "stack": .string,
        "changed": .list(.string), "held": text,
      ])),
  ])

  // MARK: - Config vars and secrets

  static let config = FieldType.object([
    "format": .integer, "app": .string, "release": count,
    "config": .list(
      .object([
        "key": .string, "source": .words(["manifest", "generated", "secret"]), "secret": text,
        "owner": text, "version": count, "file": text, "line": count, "value": text,
      ])),
  ])

  static let secrets = FieldType.object([
    "format": .integer,
    "secrets": .list(
      .object([
        "name": .string, "app": text, "source": .words(["generated", "stored"]),
        "version": count, "since": time, "kept": .list(.integer),
        "users": .list(.object(["app": .string, "key": .string])),
      ])),
  ])

  // MARK: - The machine

  private static let memory = FieldType.object([
    "total": .integer, "rss": .integer, "cache": .integer, "swap": .integer,
  ])

  private static let total = FieldType.object([
    "dynos": .integer, "memory": memory, "memory_quota": .integer,
    "cpu_share": share, "processes": .integer,
  ])

  private static let pressure = FieldType.object([
    "avg10": .decimal, "avg60": .decimal, "avg300": .decimal,
  ])

  private static let dynoMetrics = FieldType.object([
    "name": .string, "release": .integer, "attempt": .integer, "size": text,
    "running": .boolean, "memory": .optional(memory), "memory_quota": count, "cpu_share": share,
    "cpu_seconds": share,
    "cores": .optional(.object(["own": .list(.integer), "due": .integer])),
    "throttled_share": share, "throttled_seconds": share,
    "pressure": .optional(.object(["cpu": pressure, "memory": pressure])),
    "processes": count, "tasks": count, "task_limit": count, "restarts": .integer,
    "crashes": .integer, "uptime": share,
  ])

  static let metrics = FieldType.object([
    "format": .integer, "window": share,
    "machine": .object([
      "cores": .integer, "memory": .integer, "available": .integer,
      "load": .optional(.list(.decimal)), "total": total,
    ]),
    "apps": .list(
      .object([
        "name": .string, "total": total, "dynos": .list(dynoMetrics),
        "requests": .optional(requests),
      ])),
  ])

  static let usage = FieldType.object([
    "format": .integer,
    "disk": .object([
      "total": .integer, "free": .integer, "reserved": .integer, "low": .boolean,
      "used": .integer,
      "kinds": .list(.object(["kind": .string, "count": .integer, "bytes": .integer])),
    ]),
    "running": .list(
      .object(["kind": .string, "count": .integer, "memory": .integer, "cpu_share": share])),
  ])

  static let collection = FieldType.object([
    "format": .integer, "dry": .boolean, "freed": .integer, "free": .integer,
    "items": .list(
      .object([
        "kind": .string, "name": .string, "bytes": .integer, "reason": .string,
        "failure": text,
      ])),
    "mirrors": .list(.object(["name": .string, "freed": count, "skipped": text])),
  ])
}
