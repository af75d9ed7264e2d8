// The seam to whatever runs containers. Owned by the driver; implemented by adapters, each of which
// passes the one contract suite in Tests/ContractTests.

package import FormationModel

/// Runs the instances of one controller. It decides nothing: it does what it is told, and it says
/// what is there. Ids are used once; starting an id that exists fails with retry `.afterObserving`.
package protocol ContainerRuntime: Sendable {
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

  /// Lines of the instance's own output that are kept, oldest first, also of exited ones.
  func logs(_ query: LogQuery) async throws(EffectFailure) -> [LogLine]

  /// Like `logs`, and then new lines as they come until the task that iterates is cancelled.
  func follow(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error>
}

/// Writes the files of a slug somewhere.
package protocol SlugWriting: Sendable {
  /// Writes the slug's files into an empty folder that exists. Throws when an object is missing or
  /// corrupt, a limit is passed, or a path would leave the folder.
  func write(_ slug: SlugReference, into folder: String) async throws(EffectFailure)
}

/// Which log lines.
package struct LogQuery: Hashable, Sendable {
  /// The app.
  package var app: AppName
  /// Only this process type; nil: all.
  package var process: ProcessType?
  /// Only this number of it; nil: all.
  package var ordinal: Int?
  /// At most this many lines, the newest.
  package var count: Int
  /// Only lines from then on; nil: all that are kept.
  package var since: LoopTime?
  /// Lines of the instances before the present ones, instead of the present ones'.
  package var previous = false

  /// Makes a query.
  package init(
    app: AppName, process: ProcessType? = nil, ordinal: Int? = nil, count: Int,
    since: LoopTime? = nil
  ) {
    self.app = app
    self.process = process
    self.ordinal = ordinal
    self.count = count
    self.since = since
  }
}

/// One line of a dyno's output.
package struct LogLine: Hashable, Sendable {
  /// When it was written.
  package let at: LoopTime
  /// Whose it is.
  package let instance: InstanceID
  /// Whether it was written to standard error.
  package let isError: Bool
  /// The line, without its end.
  package let text: String

  /// Makes a line.
  package init(at: LoopTime, instance: InstanceID, isError: Bool, text: String) {
    self.at = at
    self.instance = instance
    self.isError = isError
    self.text = text
  }
}
