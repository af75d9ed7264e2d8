// One simulated container and its life as time goes by. Which instances there are is the machine's
// business.

package import FormationModel

/// A container of the simulated machine.
package struct SimulatedInstance: Hashable, Codable, Sendable {
  /// Who it is.
  package let id: InstanceID
  /// What it was started with.
  @Boxed package private(set) var form: InstanceForm
  /// What it does.
  package var behaviour: SimulatedBehaviour
  /// How many attempts in a row before it died early.
  package let crashes: Int
  /// `$PORT`; nil when it has none.
  package let port: Int?
  /// The machine's number for it; its address comes from it.
  package let number: Int
  /// Where it stands.
  package internal(set) var phase = InstancePhase.created
  /// When its process started; nil when it never did.
  package internal(set) var startedAt: LoopTime?
  /// When it got SIGTERM; nil when it did not.
  package internal(set) var termAt: LoopTime?
  /// Whether a part of it was ended for its memory; nil: not.
  package internal(set) var isStarved: Bool?

  init(spec: InstanceSpec, behaviour: SimulatedBehaviour, number: Int) {
    id = spec.id
    form = spec.form
    self.behaviour = behaviour
    crashes = spec.crashes
    port = Self.port(of: spec)
    self.number = number
  }

  /// Whether its process runs, whatever it was told.
  package var isAlive: Bool {
    switch phase {
    case .running, .stopping, .unsupervised: true
    case .created, .exited: false
    }
  }

  /// Whether its process runs and nobody asked it to stop.
  package var isStaying: Bool {
    switch phase {
    case .running, .unsupervised: true
    case .created, .stopping, .exited: false
    }
  }

  /// Whether it is reachable on its port at that time.
  package func listens(at now: LoopTime) -> Bool {
    guard isAlive, let startedAt, behaviour.port == .bound else { return false }
    return startedAt + .milliseconds(behaviour.bootMilliseconds) <= now
  }

  /// The instance as a runtime tells it.
  package var observed: ObservedInstance {
    ObservedInstance(
      id: id, phase: phase, form: form, crashes: crashes, startedAt: startedAt,
      endpoint: isAlive ? endpoint : nil, hasRunOutOfMemory: isAlive && isStarved == true)
  }

  private var endpoint: Endpoint? {
    guard let port else { return nil }
    let (high, low) = (number / 250 % 16_384, number % 250 + 2)
    return Endpoint(address: "10.\(64 + high / 256).\(high % 256).\(low)", port: port)
  }

  /// `$PORT`: web has one, and who asks for a raw TCP port; nil for others. Each dyno has an
  /// address of its own.
  static func port(of spec: InstanceSpec) -> Int? {
    spec.id.slot.process == .web ? 8080 : spec.tcpPort
  }

  /// When its life ends, as things stand; nil when nothing ends it.
  package var end: LoopTime? {
    guard isAlive, let startedAt else { return nil }
    let own = behaviour.lifeMilliseconds.map { startedAt + .milliseconds($0) }
    let asked: LoopTime? =
      if let termAt, !behaviour.ignoresTerm {
        termAt + .milliseconds(behaviour.shutdownMilliseconds)
      } else {
        nil
      }
    guard let own, let asked else { return own ?? asked }
    return min(own, asked)
  }

  /// Whether its times are within reach: what a file says may be anything.
  var isPlausible: Bool {
    let times = [startedAt, termAt].compactMap { $0?.milliseconds }
    let spans = [
      behaviour.bootMilliseconds, behaviour.lifeMilliseconds ?? 0, behaviour.shutdownMilliseconds,
    ]
    let reach: Range<Int64> = 0..<(1 << 50)
    return (times + spans + behaviour.output.map(\.after)).allSatisfy(reach.contains)
      && reach.contains(Int64(number)) && reach.contains(behaviour.memoryBytes ?? 0)
      && (0...100_000).contains(behaviour.cpuPercent ?? 0)
  }

  /// Lives on to that time: ends when its end has come. Returns whether it ended.
  mutating func advance(to now: LoopTime) -> Bool {
    guard let end, end <= now else { return false }
    let own = startedAt.flatMap { start in
      behaviour.lifeMilliseconds.map { start + .milliseconds($0) }
    }
    let code = own == end ? behaviour.exitCode : behaviour.termExitCode
    finish(code: code, at: end, requested: termAt != nil)
    return true
  }

  /// Ends its process now.
  mutating func finish(
    code: Int?, at time: LoopTime, requested: Bool, outOfMemory: Bool = false
  ) {
    guard isAlive else { return }
    // A process without its monitor ends unseen.
    let seen = phase == .unsupervised ? nil : code
    phase = .exited(
      InstanceExit(code: seen, at: time, requested: requested, outOfMemory: outOfMemory))
  }
}
