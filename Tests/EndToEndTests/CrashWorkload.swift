// The things asked of a platform in the midst of which Muster is killed, and what has to stand
// after each.

import Foundation
import Testing

/// One thing that is asked of a platform.
struct Change: Sendable {
  /// What has to stand, after how many turns of the workload.
  let end: @Sendable (_ turn: Int) -> Formation
  /// Asks for it, in the repository.
  let ask: @Sendable (_ platform: PlatformFixture, _ turn: Int) throws -> Void
  /// The command that carries it out.
  var command: @Sendable (_ platform: PlatformFixture) throws -> [String] = { _ in ["reconcile"] }
  /// Whether Muster is killed in it; else it prepares the next.
  var isKilled = true
  /// The exit code of the run that ends it.
  var code: Int32 = 0
  /// Whether the run that ends it may find that nobody knows how the release command ended: then
  /// what ran goes on.
  var mayBeUnknown = false
  /// What else has to hold in the end.
  var check: @Sendable (_ platform: PlatformFixture, _ turn: Int, _ point: String) throws -> Void =
    { _, _, _ in }
}

/// Changes that come back to where they began, or to something like it, so that one platform walks
/// through them at one effect after the other.
struct CrashWorkload: Sendable, CustomTestStringConvertible {
  let name: String
  /// Effects that each change has at least: fewer would mean that the walk ended too early.
  let effects: Int
  /// What stands before the first turn.
  let begin: @Sendable (PlatformFixture) throws -> Void
  let changes: [Change]

  var testDescription: String { name }

  static let all = [
    replacement, scaling, releaseCommand, removal, confirmedRemoval, rollback, autoRevert,
  ]
}

extension PlatformFixture {
  /// Writes a quick app on busybox: it is healthy as soon as it is up, and ends when asked.
  func writeQuick(
    _ app: String = "tiny", greeting: String = "hello", web: Int = 1, worker: Int = 1,
    release: String? = nil, more: String = ""
  ) throws {
    let command = release.map { "release: \($0)\n" } ?? ""
    try write(
      """
      web: exec httpd -f -p $PORT -h /app
      worker: trap 'exit 0' TERM; while true; do sleep 1000 & wait $!; done
      \(command)
      """, to: "apps/\(app)/Procfile")
    try write(
      """
      stack: busybox
      env:
        GREETING: \(greeting)
      formation:
        web: {quantity: \(web), size: standard-1x, healthcheck: {boot_timeout: 5s}}
        worker: {quantity: \(worker), size: standard-1x, min_healthy: 0s}
      \(more)
      """, to: "apps/\(app)/app.yaml")
  }
}

extension CrashWorkload {
  private static let pair = ["tiny web.1", "tiny worker.1"]

  /// Every dyno named, of one release.
  private static func each(_ dynos: [String], _ release: Int) -> Formation {
    Formation(uniqueKeysWithValues: dynos.map { ($0, release) })
  }

  /// New content for an app of one web dyno and one worker.
  static let replacement = CrashWorkload(
    name: "a replacement", effects: 6, begin: { try $0.writeQuick() },
    changes: [
      Change(end: { each(pair, $0 + 1) }, ask: { try $0.writeQuick(greeting: "number \($1)") })
    ])

  /// More dynos, and fewer again.
  static let scaling = CrashWorkload(
    name: "scaling", effects: 3, begin: { try $0.writeQuick() },
    changes: [
      Change(
        end: { _ in each(pair + ["tiny web.2", "tiny web.3", "tiny worker.2"], 1) },
        ask: { platform, _ in try platform.writeQuick(web: 3, worker: 2) }),
      Change(end: { _ in each(pair, 1) }, ask: { platform, _ in try platform.writeQuick() }),
    ])

  /// New content with a release command.
  static let releaseCommand = CrashWorkload(
    name: "a release command", effects: 8,
    begin: { try $0.writeQuick(release: "echo begun $GREETING; echo ended $GREETING") },
    changes: [
      Change(
        end: { each(pair, $0 + 1) },
        ask: { platform, turn in
          try platform.writeQuick(
            greeting: "t\(turn)", release: "echo begun $GREETING; echo ended $GREETING")
        },
        mayBeUnknown: true,
        check: { platform, turn, point in
          let begun = try platform.count(ofLoggedLine: "begun t\(turn)")
          #expect(begun <= 1, "\(point): it ran \(begun) times")
        })
    ])

  /// An app that leaves git within the budget, and comes back.
  static let removal = CrashWorkload(
    name: "a removal within the budget", effects: 3,
    begin: {
      try $0.writeQuick("first", web: 2, worker: 2)
      try $0.writeQuick("second", web: 0)
    },
    changes: [
      Change(
        end: { _ in first },
        ask: { platform, _ in try platform.delete("apps/second") }),
      Change(
        end: { _ in first.merging(["second worker.1": 1]) { $1 } },
        ask: { platform, _ in try platform.writeQuick("second", web: 0) }),
    ])

  private static let first = each(
    ["first web.1", "first web.2", "first worker.1", "first worker.2"], 1)

  /// An app whose removal somebody consents to.
  static let confirmedRemoval = CrashWorkload(
    name: "a confirmed removal", effects: 4,
    begin: {
      try $0.writeQuick("first", worker: 0)
      try $0.writeQuick("second")
    },
    changes: [
      Change(
        end: { _ in ["first web.1": 1] },
        ask: { platform, _ in try platform.delete("apps/second") },
        command: { platform in
          let holds = try platform.muster("holds")
          let name = holds.output.firstMatch(of: #/muster confirm (removal-[0-9a-f]+)/#)
          return ["confirm", try String(#require(name, "\(holds)").output.1)]
        }),
      Change(
        end: { _ in ["first web.1": 1, "second web.1": 1, "second worker.1": 1] },
        ask: { platform, _ in try platform.writeQuick("second") }, isKilled: false),
    ])

  /// Back to the release before.
  static let rollback = CrashWorkload(
    name: "a rollback", effects: 6, begin: { try $0.writeQuick() },
    changes: [
      Change(
        end: { each(pair, 2 * $0) }, ask: { try $0.writeQuick(greeting: "number \($1)") },
        isKilled: false),
      Change(
        end: { each(pair, 2 * $0 + 1) }, ask: { _, _ in },
        command: { _ in ["rollback", "tiny"] }, code: 3),
    ])

  /// Content that never gets healthy: what ran before goes on all the while.
  static let autoRevert = CrashWorkload(
    name: "a rollout that goes back by itself", effects: 5,
    begin: { try writeReverting($0, web: "exec httpd -f -p $PORT -h /app") },
    changes: [
      Change(
        end: { _ in ["tiny web.1": 1] },
        ask: { platform, turn in try writeReverting(platform, web: "exec sleep 100\(turn)") },
        code: 3)
    ])

  private static func writeReverting(_ platform: PlatformFixture, web: String) throws {
    try platform.write("web: \(web)\n", to: "apps/tiny/Procfile")
    try platform.write(
      """
      stack: busybox
      formation:
        web: {quantity: 1, size: standard-1x, healthcheck: {boot_timeout: 1s}}
      rollout: {auto_revert: true}

      """, to: "apps/tiny/app.yaml")
  }
}
