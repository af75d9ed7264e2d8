// The words that contract clauses are written in.

import Effects
import FormationModel
import Testing

/// One clause's view of a fixture: an app of its own, started instances by number.
struct ContractWorld {
  let fixture: any RuntimeFixture
  var slug = LiteralSlug()
  /// The stack of its dynos.
  var stack: StackReference

  init(fixture: any RuntimeFixture) {
    self.fixture = fixture
    stack = fixture.stack
  }

  var runtime: any ContainerRuntime { fixture.runtime }

  /// The id of an instance of the test's app.
  func id(_ process: ProcessType = .web, _ ordinal: Int = 1, attempt: Int = 1) throws -> InstanceID
  {
    let app = try #require(AppName(rawValue: "contract"))
    return InstanceID(slot: SlotID(app, process, ordinal), release: 7, attempt: attempt)
  }

  /// Makes stack and slug ready.
  func prepare() async {
    #expect(await runtime.prepare(stack, progress: { _ in }) == .done)
    #expect(await runtime.prepare(slug.reference, from: slug) == .done)
  }

  /// Starts an instance that behaves so, stack and slug made ready before.
  func start(
    _ id: InstanceID, _ behaviour: DynoBehaviour, crashes: Int = 0
  ) async throws -> Outcome {
    try await start(id, command: fixture.command(behaviour), crashes: crashes)
  }

  /// Starts an instance with this command, stack and slug made ready before.
  func start(
    _ id: InstanceID, command: String, config: [String: String] = [:], crashes: Int = 0,
    size: DynoType? = nil, tcpPort: Int? = nil
  ) async throws -> Outcome {
    await prepare()
    let values = try config.map {
      (try #require(ConfigKey(rawValue: $0.key)), ConfigValue($0.value))
    }
    let spec = try spec(
      id, command: command, crashes: crashes, size: size, tcpPort: tcpPort)
    return await runtime.start(spec, config: Dictionary(uniqueKeysWithValues: values))
  }

  /// Starts an instance that behaves so; anything but done fails the test.
  func run(_ id: InstanceID, _ behaviour: DynoBehaviour, crashes: Int = 0) async throws {
    try await run(id, command: fixture.command(behaviour), crashes: crashes)
  }

  /// Starts an instance with this command; anything but done fails the test.
  func run(
    _ id: InstanceID, command: String, config: [String: String] = [:], crashes: Int = 0,
    size: DynoType? = nil, tcpPort: Int? = nil
  ) async throws {
    let outcome = try await start(
      id, command: command, config: config, crashes: crashes, size: size, tcpPort: tcpPort)
    guard outcome == .done else { throw ContractFailure("\(id) was not started: \(outcome)") }
  }

  /// What is there.
  func observed() async throws -> ObservedFormation {
    guard case .complete(let formation) = await runtime.observe() else {
      throw ContractFailure("the observation is not complete")
    }
    return formation
  }

  /// The phase of an instance; nil when it is not there.
  func phase(_ id: InstanceID) async throws -> InstancePhase? {
    try await seen(id)?.phase
  }

  /// The instance as it is observed; nil when it is not there.
  func seen(_ id: InstanceID) async throws -> ObservedInstance? {
    try await observed().instances.first { $0.id == id }
  }

  /// Waits until an instance has ended: how.
  func exit(_ id: InstanceID) async throws -> InstanceExit {
    try await eventually("\(id) has ended") {
      await fixture.advance()
      if case .exited(let exit) = try await phase(id) { return exit }
      return nil
    }
  }

  /// Waits until the output of the app's dynos has as many lines: their texts.
  func output(_ count: Int, previous: Bool = false) async throws -> [String] {
    let app = try #require(AppName(rawValue: "contract"))
    var query = LogQuery(app: app, count: 1000)
    query.previous = previous
    return try await eventually("\(count) lines of output") {
      let lines = try await runtime.logs(query)
      return lines.count >= count ? lines.map(\.text) : nil
    }
  }
}

/// What a clause found wrong before it could expect anything.
struct ContractFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Waits until the closure gives a value, looking again and again for at most 30 seconds.
@discardableResult
func eventually<Value>(
  _ what: String, _ look: () async throws -> Value?
) async throws -> Value {
  let deadline = ContinuousClock.now + .seconds(30)
  while ContinuousClock.now < deadline {
    if let value = try await look() { return value }
    try await Task.sleep(for: .milliseconds(10))
  }
  throw ContractFailure("waited 30 s in vain until \(what)")
}
