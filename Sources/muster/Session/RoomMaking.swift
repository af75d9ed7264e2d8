// Frees space by itself while the disk is nearly full, so that what waits for it goes ahead.

import FormationModel
import Logging
import Planning
import Review

/// Frees what nothing needs when plans say that the disk is nearly full.
actor RoomMaking {
  /// What is needed changes seldom.
  private static let interval = Duration.seconds(600)

  private let session: PlatformSession
  private let log: Logger
  private var last: ContinuousClock.Instant?

  init(_ session: PlatformSession, _ log: Logger) {
    self.session = session
    self.log = log
  }

  /// Whether a release waits for room.
  static func isNeeded(_ plan: Plan) -> Bool {
    plan.holds.contains { if case .diskLow = $0.cause { true } else { false } }
  }

  /// Frees space, unless it has done so a while ago.
  func makeRoom(_ memory: Memory) async {
    guard last.map({ .now - $0 >= Self.interval }) ?? true else { return }
    last = .now
    do {
      let seen = try session.seen(by: session.settings, memory: memory)
      let report = try await seen.housekeeping(isAlone: false).collect(isDry: false)
      log.notice(
        "the disk is nearly full; freed what nothing needs",
        metadata: ["freed": "\(BytesText.words(report.bytes))"])
    } catch {
      log.warning("the disk is nearly full; nothing was freed", metadata: ["cause": "\(error)"])
    }
  }
}
