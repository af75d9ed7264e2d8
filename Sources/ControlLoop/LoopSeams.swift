// What the driver performs effects through. The composition root fills it; the driver names no
// adapter.

package import Effects
package import FormationModel
package import Looping
package import Planning

/// The world as the driver reaches it.
package struct LoopSeams: Sendable {
  /// The repository of manifests.
  package var source: any FormationSource
  /// Whatever runs containers.
  package var runtime: any ContainerRuntime
  /// What sends visitors' requests to web dynos.
  package var router: any Routing = NoRouting()
  /// Memory and history.
  package var store: any FormationStore
  /// Secrets.
  package var secrets: any SecretKeeping
  /// Digests and fingerprints.
  package var digests: any Digesting
  /// What a stack's content is.
  package var stacks: any StackResolving
  /// The wall clock.
  package var clock: @Sendable () -> LoopTime
  /// Words a finished step for history; nil: not worth keeping.
  package var describe: @Sendable (Step, Outcome, LoopTime, RevisionID?) -> StoredEvent?
  /// Words a change of memory for history, written with it; nil: not worth keeping.
  package var tell: @Sendable (MemoryChange, ChangeContext) -> StoredEvent?

  /// Gathers the seams.
  package init(
    source: any FormationSource, runtime: any ContainerRuntime, store: any FormationStore,
    secrets: any SecretKeeping, digests: any Digesting, stacks: any StackResolving,
    clock: @escaping @Sendable () -> LoopTime,
    describe: @escaping @Sendable (Step, Outcome, LoopTime, RevisionID?) -> StoredEvent?,
    tell: @escaping @Sendable (MemoryChange, ChangeContext) -> StoredEvent?
  ) {
    self.source = source
    self.runtime = runtime
    self.store = store
    self.secrets = secrets
    self.digests = digests
    self.stacks = stacks
    self.clock = clock
    self.describe = describe
    self.tell = tell
  }
}

/// What is known when a change of memory is written.
package struct ChangeContext: Sendable {
  /// Now.
  package var at: LoopTime
  /// The revision in force before the change.
  package var revision: RevisionID?
  /// The commit that was read last; nil when none could be.
  package var commit: Revision?
  /// The plan that the change comes from; nil before the first.
  package var plan: Plan?

  /// Gathers what is known.
  package init(
    at: LoopTime, revision: RevisionID? = nil, commit: Revision? = nil, plan: Plan? = nil
  ) {
    self.at = at
    self.revision = revision
    self.commit = commit
    self.plan = plan
  }
}

/// What the driver tells whoever watches: for progress on a terminal and for logs.
package enum LoopNotice: Sendable {
  /// A pass begins by reading the repository.
  case reading
  /// A pass asks the runtime what is there.
  case observing
  /// A step begins.
  case began(EffectNumber, Step)
  /// A step ended.
  case ended(EffectNumber, Step, Outcome, took: Duration)
  /// A long step says how far it is.
  case progress(Step, String)
  /// The repository could not be taken.
  case sourceProblem(SourceProblem)
  /// Memory could not be written or read: nothing is done that is not written down.
  case memoryProblem(EffectFailure)
  /// An order is durable, or was not taken.
  case answered(Order, Outcome)
  /// A pass ended with this plan.
  case planned(Plan)
}
