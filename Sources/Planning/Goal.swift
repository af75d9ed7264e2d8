// What an app is steered towards in this pass: what the commit asks for, or, where that is held or
// not valid, the last formation that was taken over.

import FormationModel

/// What one app is steered towards. A class without anything that changes: it is handed on to every
/// slot.
final class Goal {
  /// What git asks for: what is taken over and what convergence is measured by.
  let asked: DesiredApp
  /// The formation, with what is in force by hand laid over what git asks for.
  let app: DesiredApp
  /// What is in force by hand.
  let overrides: Overrides
  /// The content of its release.
  let content: ReleaseContent
  /// The release's number; the next one when the content is new.
  let number: Int
  /// Whether that release is recorded already.
  let isRecorded: Bool
  /// Whether the content stands in for one that is held: going back passes other holds.
  let isReturn: Bool

  /// `former` are process types that the content may have and what git asks for has no more.
  init(
    _ asked: DesiredApp, overrides: Overrides, content: ReleaseContent, number: Int,
    isRecorded: Bool, former: [DesiredProcess] = [], isReturn: Bool = false
  ) {
    self.asked = asked
    self.overrides = overrides
    var app = asked
    // A command is content: what is held brings no process type, and takes none away.
    if !overrides.heldContents.isEmpty { app.processes = content.processes(asked, or: former) }
    self.app = overrides.isEmpty ? app : app.overlaid(by: overrides)
    self.content = content
    self.number = number
    self.isRecorded = isRecorded
    self.isReturn = isReturn
  }

  /// The slots of a process type that are to be filled, lowest number first.
  func slots(of process: DesiredProcess) -> [SlotID] {
    (0..<max(0, process.quantity)).map { SlotID(app.name, process.type, $0 + 1) }
      .filter { overrides.stop(of: $0) == nil }
  }

  /// The dynos that git asks for and somebody stopped, lowest number first in each type.
  var stopped: [StoppedDyno] {
    app.processes.filter { $0.type != .release }.flatMap { process in
      (0..<max(0, process.quantity)).compactMap { index in
        let slot = SlotID(app.name, process.type, index + 1)
        return overrides.stop(of: slot).map { StoppedDyno(slot: slot, origin: $0.origin) }
      }
    }
  }

  /// Where a field is written; nil where it is in force by hand and the manifest is not the cause.
  func mark(_ field: FieldPath) -> SourceMark? {
    if isReturn && !field.rawValue.hasPrefix("formation.") { return nil }
    let isByHand = overrides.scales.contains { type, scale in
      (scale.quantity != nil && field == FieldPath("formation.\(type).quantity"))
        || (scale.size != nil && field == FieldPath("formation.\(type).size"))
    }
    return isByHand ? nil : app.marks[field]
  }
}

extension ReleaseContent {
  /// The process types that it has a command for: as git asks for them, or else as they were.
  fileprivate func processes(_ asked: DesiredApp, or former: [DesiredProcess]) -> [DesiredProcess] {
    commands.compactMap { command in
      asked.process(command.type) ?? former.first { $0.type == command.type }
    }
  }
}

extension AppMemory {
  /// The process types with which the app stood last.
  var former: [DesiredProcess] { convergence?.processes ?? [] }
}

/// Everything the planner decided about an app before looking at its slots.
struct AppOutlook {
  /// The name.
  let name: AppName
  /// What the commit asks for, if nothing holds it; nil when it is held, invalid or gone.
  var wanted: Goal?
  /// What was taken over last; nil when nothing was.
  var inForce: Goal?
  /// Whether the app left git with consent, so that nothing of it is desired.
  var isLeaving = false
  /// What holds the commit's wish.
  var holds: [Hold] = []
  /// The manifest's errors.
  var errors: [Diagnostic] = []
  /// Why the commit's wish is not in force; nil when it is.
  var obstacle: SyncStatus.Reason?
  /// Holds of the platform that keep the app as it is.
  var platformHolds: [HoldID] = []
  /// Whether everything is suspended, by the manifest or by hand.
  var isSuspended = false
  /// Whether the manifest itself suspends everything.
  var isSuspendedByManifest = false
  /// Generated secrets that have to be made before the wanted release is recorded.
  var secretsToMake: [SecretID] = []
  /// Consent by which it passes a deploy window, until it is taken over.
  var windowConsent: HoldID?
}
