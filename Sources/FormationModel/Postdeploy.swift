// The script that runs once in an app's life: `scripts.postdeploy`, after the app has stood for the
// first time.

/// How far an app's postdeploy script is. It is written down before the script begins and after it
/// has ended, so that no crash makes it run twice.
package struct Postdeploy: Hashable, Codable, Sendable {
  /// The release that it runs with; until it begins, the one that stood first.
  package var release: Int
  /// `pending` until it begins; `live` where nothing is to run any more and nothing has succeeded:
  /// somebody has seen to a failure, or the app stood without it.
  package var phase: ReleasePhase

  /// Makes one.
  package init(release: Int, _ phase: ReleasePhase) {
    self.release = release
    self.phase = phase
  }

  /// Why it is no success; nil while nothing speaks against it.
  package var failure: ReleaseFailure? {
    if case .failed(let failure) = phase { failure } else { nil }
  }
}

extension ProcessType {
  /// The name of the dyno that runs `scripts.postdeploy`.
  package static let postdeploy = ProcessType(known: "postdeploy")
}

extension SlotID {
  /// Where an app's postdeploy script runs.
  package static func postdeploy(of app: AppName) -> SlotID { SlotID(app, .postdeploy, 1) }
}

extension InstanceID {
  /// The dyno that runs an app's postdeploy script.
  package static func postdeploy(
    _ release: Int, of app: AppName, attempt: Int
  ) -> InstanceID {
    InstanceID(slot: .postdeploy(of: app), kind: .oneOff, release: release, attempt: attempt)
  }
}
