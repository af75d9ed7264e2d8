// The seam to whatever runs containers. Owned by the driver; implemented by adapters, each of which
// passes the one contract suite in Tests/ContractTests.

package import FormationModel

/// Runs the instances of one controller. It decides nothing: it does what it is told, and it says
/// what is there. Ids are used once; starting an id that exists fails with retry `.afterObserving`.
package protocol ContainerRuntime: DiskKeeping {
  /// Its name in commands and manifests: `embedded`, `simulated`.
  var name: String { get }

  /// What is there: every instance of this controller, in O(1) calls, never one per dyno.
  func observe() async -> Observation

  /// Makes a stack ready. Idempotent by digest. `progress` gets lines for people.
  func prepare(
    _ stack: StackReference, progress: @escaping @Sendable (String) -> Void
  ) async -> Outcome

  /// Makes a slug ready, its files written by `source`. Idempotent by digest.
  func prepare(_ slug: SlugReference, from source: any SlugWriting) async -> Outcome

  /// Starts one instance with the given config vars; done means that its process was exec'd.
  /// `DYNO`, `PORT` and the other platform variables are added by the runtime.
  func start(_ spec: InstanceSpec, config: [ConfigKey: ConfigValue]) async -> Outcome

  /// Asks an instance to stop: SIGTERM to its processes, and the time at which SIGKILL is due is
  /// recorded, so that the next observation says `.stopping`. Done when it was asked, not when it
  /// has ended. Asking one that has exited is done.
  func stop(_ id: InstanceID, killAt: LoopTime) async -> Outcome

  /// SIGKILL to every process of the instance. Killing one that has exited is done.
  func kill(_ id: InstanceID) async -> Outcome

  /// Removes an instance that is not running, with its writable files and its record. Removing one
  /// that is not there is done; removing one that runs fails.
  func remove(_ id: InstanceID) async -> Outcome

  /// Checks one running instance once.
  func probe(_ instance: ObservedInstance, _ check: Healthcheck) async -> ProbeResult

  /// Wakes whoever iterates when something happened to an instance. Hints only: events may be lost,
  /// repeated and late. Ends when the task that iterates is cancelled.
  func events() -> AsyncStream<InstanceID>

  /// What every running instance uses, in one look; no process is started for it. Instances that
  /// end meanwhile are left out.
  func measure() async throws(EffectFailure) -> MachineSample

  /// Lines of the instances' own output that are kept, oldest first, also of exited ones. Where
  /// older lines of an instance were dropped, a notice stands in their place.
  func logs(_ query: LogQuery) async throws(EffectFailure) -> [LogLine]

  /// Like `logs`, and then new lines as they come, also of instances that start later, until the
  /// task that iterates is cancelled. Comes in batches, each in order of time; an empty one says
  /// that nothing came for a moment. Nothing is read ahead of whoever iterates.
  func follow(_ query: LogQuery) -> AsyncThrowingStream<[LogLine], any Error>
}

/// Writes the files of a slug somewhere.
package protocol SlugWriting: Sendable {
  /// Writes the slug's files into an empty folder that exists. Throws when an object is missing or
  /// corrupt, a limit is passed, or a path would leave the folder.
  func write(_ slug: SlugReference, into folder: String) async throws(EffectFailure)
}
