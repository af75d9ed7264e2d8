// The contract over the simulated runtime. Its clock stands still until a clause lets it go on.

import Effects
import FormationModel
import Foundation
import SimulatedWorld
import Synchronization
import Testing

@Suite struct SimulatedContractTests {
  @Test(arguments: RuntimeContract.clauses)
  func `the simulated runtime keeps the contract`(_ clause: ContractClause) async throws {
    try await clause.run { try SimulatedFixture() }
  }

  @Test func `looking writes nothing`() async throws {
    let fixture = try SimulatedFixture()
    _ = await fixture.runtime.observe()
    let app = try #require(AppName(rawValue: "contract"))
    _ = try await fixture.runtime.logs(LogQuery(app: app, count: 10))
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder).isEmpty)
    await fixture.tearDown()
  }

  @Test func `a world that cannot be read is unavailable, never empty`() async throws {
    let fixture = try SimulatedFixture()
    try Data("{".utf8).write(to: URL(fileURLWithPath: "\(fixture.folder)/simulated.json"))
    guard case .unavailable = await fixture.runtime.observe() else {
      throw ContractFailure("a broken world was observed")
    }
    guard
      case .failed(let failure) = await fixture.runtime.prepare(fixture.stack, progress: { _ in })
    else { throw ContractFailure("a broken world was changed") }
    #expect(failure.retry == .whenMachineIsMended)
    await fixture.tearDown()
  }

  @Test func `commands say what is written and when it ends`() async throws {
    let fixture = try SimulatedFixture()
    let world = ContractWorld(fixture: fixture)
    let id = try world.id()
    try await world.run(
      id, command: #"echo "hello $NAME" on $DYNO; sleep 2; echo bye >&2; exit 3"#,
      config: ["NAME": "Ada"])
    #expect(try await world.output(1) == ["hello Ada on web.1"])
    #expect(try await world.exit(id).code == 3)
    #expect(try await world.output(2) == ["hello Ada on web.1", "bye"])
    await fixture.tearDown()
  }
}

/// A simulated runtime in a folder of its own, with a clock that tests move.
struct SimulatedFixture: RuntimeFixture {
  /// Milliseconds that a test's clock shows.
  private final class Clock: Sendable {
    let time = Mutex<Int64>(1_800_000_000_000)
  }

  let folder: String
  let stack: StackReference
  private let clock = Clock()
  private let simulated: SimulatedRuntime

  init() throws {
    let number = String(UInt32.random(in: 0..<UInt32.max), radix: 16)
    folder = FileManager.default.temporaryDirectory.path + "/muster-simulated-\(number)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let name = try #require(CatalogName(rawValue: "busybox"))
    stack = StackReference(
      stack: Stack(name: name, source: .busybox, shell: "/bin/sh"),
      digest: ContentDigest(rawValue: String(repeating: "5", count: 64)))
    simulated = Self.make(folder, clock)
  }

  private static func make(_ folder: String, _ clock: Clock) -> SimulatedRuntime {
    SimulatedRuntime(stateFolder: folder) { LoopTime(milliseconds: clock.time.withLock { $0 }) }
  }

  var runtime: any ContainerRuntime { simulated }
  var runsCommands: Bool { false }

  func command(_ behaviour: DynoBehaviour) -> String {
    switch behaviour {
    case .runs: "serve"
    case .ignoresStop: "trap '' TERM; serve"
    case .exits(let code): "exit \(code)"
    }
  }

  func reopened() throws -> any ContainerRuntime { Self.make(folder, clock) }

  func advance() async { clock.time.withLock { $0 += 50 } }

  func tearDown() async { try? FileManager.default.removeItem(atPath: folder) }
}
