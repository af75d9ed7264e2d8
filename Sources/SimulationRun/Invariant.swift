// What has to hold, whatever happens: the numbered list of the engine's design, as far as it can be
// seen in this version. How each is checked: Checks*.swift and Simulation+Calm.swift.

/// Something that has to hold.
package enum Invariant: String, CaseIterable, Sendable {
  /// Once faults stop, everything stands within a bounded number of passes.
  case converges = "1 converges"
  /// What stands stays, for a day, without anything being done.
  case stays = "1 stays"
  /// A pass over what stands has no steps, also after a restart of Muster.
  case idle = "2 idle when converged"
  /// A slot has at most two instances that are not stopping.
  case twoPerSlot = "3 at most two in a slot"
  /// A type that is replaced stop-first never has two in a slot.
  case stopFirst = "3 stop first"
  /// Never more than desired and surge.
  case surge = "4 never above desired and surge"
  /// A start-first rollout never has fewer healthy web dynos than desired by its own doing.
  case enoughHealthy = "5 enough healthy"
  /// Nothing of another owner is touched.
  case strangers = "6 strangers untouched"
  /// None of ours is orphaned.
  case orphans = "7 no orphans"
  /// The command of a release runs at most once, and before anything of the release.
  case releaseOnce = "8 release command once, and first"
  /// Release numbers only grow.
  case releaseNumbers = "12 release numbers grow"
  /// Content that was left is not rolled out again by itself, whatever commit carries it.
  case heldContent = "13 held content stays away"
  /// An invalid manifest changes nothing.
  case invalidChangesNothing = "14 invalid changes nothing"
  /// The steps for one app do not depend on another.
  case independence = "15 apps are independent"
  /// The same inputs give the same plan.
  case sameInputs = "16 same inputs, same plan"
  /// The deletion budget holds.
  case deletionBudget = "17 deletion budget"
  /// `suspend` holds what it says.
  case suspension = "18 suspend"
  /// Without faults exactly the plan's changes are done.
  case exactlyChanges = "21 exactly the changes"
  /// The same manifest from any history gives the same formation.
  case pathIndependence = "22 path independence"
  /// No request goes to a dyno that was not seen to be healthy.
  case routedHealthy = "20 routed when healthy"
  /// A dyno is asked to stop when it gets no request any more.
  case drainedFirst = "20 drained before it stops"
  /// An instance's id is used once.
  case idsOnce = "ids are used once"
  /// An order that was answered is in the store.
  case ordersDurable = "orders are durable when answered"
  /// SIGKILL comes not before the time that the manifest gives a dyno to end is over.
  case grace = "grace before the kill"
  /// At most one operation per slot, content or instance is under way.
  case oneAtATime = "one operation at a time"
  /// What ends again and again by itself is not started again and again at once.
  case noStorm = "no storm of starts"
  /// What is in force by hand is what runs.
  case ordersObeyed = "orders are obeyed"
  /// An app changes when those that it depends on stand.
  case dependencies = "dependencies first"
  /// Memory is written before what it guards.
  case memoryFirst = "memory first"
}
