// What an app is steered towards in this pass: what the commit asks for, or, where that is held or
// not valid, the last formation that was taken over.

import FormationModel

/// What one app is steered towards.
struct Goal {
  /// The formation.
  var app: DesiredApp
  /// The content of its release.
  var content: ReleaseContent
  /// The release's number; the next one when the content is new.
  var number: Int
  /// Whether that release is recorded already.
  var isRecorded: Bool
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
  /// Whether the manifest suspends everything.
  var isSuspended = false
  /// Generated secrets that have to be made before the wanted release is recorded.
  var secretsToMake: [SecretID] = []
}
