// Frees space by itself while the disk is nearly full, so that what waits for it goes ahead.

import FormationModel
import Logging
import Planning
import Review

/// Frees what nothing needs when plans say that the disk is nearly full.
struct RoomMaking {
  /// What is needed changes seldom.
  private static let interval = Duration.seconds(600)

  private let session: PlatformSession
  private let log: Logger
  private var last: ContinuousClock.Instant?

  init(_ session: PlatformSession, _ log: Logger) {
    self.session = session
    self.log = log
  }

  /// Takes note of a plan; frees space when a release waits for it, once in a while.
  mutating func follow(_ plan: Plan, memory: Memory) async {
    let isLow = plan.holds.contains { if case .diskLow = $0.cause { true } else { false } }
    guard isLow, last.map({ .now - $0 >= Self.interval }) ?? true else { return }
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
