// What a simulation keeps in mind to judge by: what Muster was told, what became of the world
// without it, and what it has done so far. Muster does not see any of it.

import FormationModel
import Looping
import Planning

/// What checks need besides the world as it is.
struct Ledger {
  /// The formation that Muster was told last.
  var asked: ResolvedFormation?
  /// When the world was as the observation that Muster was told last says.
  var seenAt = Scenario.beginning
  /// Instances that ended or vanished without Muster, and when.
  var losses: [InstanceID: LoopTime] = [:]
  /// Instances that this life of Muster was told are healthy.
  var healthy: Set<InstanceID> = []
  /// Ids that were ever used.
  var usedIDs: Set<InstanceID> = []
  /// When the world was as the observation that is on its way to Muster says.
  var lookedAt = Scenario.beginning
  /// Whether Muster was told what the router does.
  var isRouterSeen = false
  /// Whether the observation that Muster was told last, or is about to be told, was old.
  var isViewStale = false
  var isLookStale = false
  /// Slots with more in them than is right, and Muster could not know: its view was stale, or what
  /// an earlier life of it had begun went on.
  var surprises: Set<SlotID> = []
  /// When the router was told something last by a life of Muster that had ended.
  var routedByDeadAt: LoopTime?
  /// The highest release number ever recorded, per app.
  var highestRelease: [AppName: Int] = [:]
  /// Releases whose command has begun to run.
  var commandsRun: Set<InstanceID> = []
  /// What apps were taken back from.
  var left = LeftContents()
  /// Apps and `app/type`s whose removal somebody consented to.
  var consents: Set<String> = []
  /// Apps that were brought back after they had left git.
  var undone: Set<AppName> = []
  /// Names that containers of strangers have.
  var strangers: Set<String> = []
  /// Holds that somebody is about to confirm.
  var confirming: Set<HoldID> = []
  /// How many orders were given.
  var given = 0
  /// Orders that nobody answered yet.
  var unanswered: [Order] = []
  /// Orders that reached the store.
  var recorded: [Order] = []
  /// Times that a plan had something by hand end.
  var ends = 0
  /// Slots that Muster saw filled last.
  var seenSlots: Set<SlotID> = []
  /// What the first plan for the revision says, and what was done.
  var prediction = Prediction()
  /// The commit of which a dyno did not get up.
  var hopeless: RevisionID?
  /// The latest time that any clock has shown.
  var latest = Scenario.beginning
  /// What this life of Muster has begun and not heard of.
  var underWay: [EffectNumber: OperationSubject] = [:]
  /// What this life of Muster was told has failed and may be tried again later, and when.
  var failed: [OperationSubject: LoopTime] = [:]
  /// Instances that any life of Muster was told are healthy.
  var everHealthy: Set<InstanceID> = []
  /// Instances that ended by themselves.
  var endedAlone: Set<InstanceID> = []
  /// Starts that followed such an end, per slot.
  var restarts: [SlotID: [LoopTime]] = [:]
  /// What was removed under the revision that is asked for, without consent.
  var removed = RemovedSlots()
}

/// What was removed under one revision because it vanished, without consent.
struct RemovedSlots: Hashable {
  var revision: RevisionID?
  var apps: Set<AppName> = []
  var slots: Set<SlotID> = []
  /// The most slots in force at one time under the revision.
  var running = 0
}
