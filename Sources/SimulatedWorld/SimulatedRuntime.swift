// The runtime behind `--runtime simulated`: a machine kept in a file of the state directory, so
// that people can try a repository with no runtime at all. Dynos live on while nobody looks: each
// call first lets the time since the last one go by.

package import Effects
package import FormationModel

/// Runs simulated dynos.
package actor SimulatedRuntime: ContainerRuntime {
  /// `simulated`.
  package nonisolated let name = "simulated"

  private let file: SimulatedWorldFile
  let clock: @Sendable () -> LoopTime
  private var known: Known?

  /// The machine as it was read or written last.
  private struct Known {
    var machine: SimulatedMachine
    let stamp: SimulatedWorldFile.Stamp?
    /// When the next instance ends: until then time changes nothing.
    private var nextEnd: LoopTime?

    init(_ machine: SimulatedMachine, _ stamp: SimulatedWorldFile.Stamp?) {
      self.machine = machine
      self.stamp = stamp
      nextEnd = machine.nextEnd
    }

    mutating func advance(to now: LoopTime) {
      guard let nextEnd, nextEnd <= now else { return }
      _ = machine.advance(to: now)
      self.nextEnd = machine.nextEnd
    }
  }

  /// Makes a runtime whose world is `simulated.json` in that folder; it is made by the first
  /// operation, and observing only reads.
  package init(stateFolder: String, clock: @escaping @Sendable () -> LoopTime) {
    file = SimulatedWorldFile(path: "\(stateFolder)/simulated.json")
    self.clock = clock
  }

  /// What is there; unavailable when the world's file cannot be read.
  package func observe() -> Observation {
    do {
      return .complete(try machine().observed)
    } catch {
      return .unavailable(reason: error.message)
    }
  }

  /// Makes a stack ready at once.
  package func prepare(
    _ stack: StackReference, progress: @escaping @Sendable (String) -> Void
  ) -> Outcome {
    change { machine, _ in machine.prepare(stack) }
  }

  /// Makes a slug ready at once; its files are not written anywhere.
  package func prepare(_ slug: SlugReference, from source: any SlugWriting) -> Outcome {
    change { machine, _ in machine.prepare(slug) }
  }

  /// Starts a dyno that behaves as its command says.
  package func start(_ spec: InstanceSpec, config: [ConfigKey: ConfigValue]) -> Outcome {
    change { machine, now in machine.start(spec, config: config, at: now) }
  }

  /// Asks a dyno to stop.
  package func stop(_ id: InstanceID, killAt: LoopTime) -> Outcome {
    change { machine, now in machine.stop(id, killAt: killAt, at: now) }
  }

  /// Ends a dyno.
  package func kill(_ id: InstanceID) -> Outcome {
    change { machine, now in machine.kill(id, at: now) }
  }

  /// Removes a dyno that has ended.
  package func remove(_ id: InstanceID) -> Outcome {
    change { machine, _ in machine.remove(id) }
  }

  /// Checks a dyno once.
  package func probe(_ instance: ObservedInstance, _ check: Healthcheck) -> ProbeResult {
    do {
      return try machine().probe(instance.id, check, at: clock())
    } catch {
      return .failed(reason: error.message)
    }
  }

  /// What the dynos' commands say that they use.
  package func measure() throws(EffectFailure) -> MachineSample {
    try machine().sample(at: clock())
  }

  /// Everything that it keeps; none of it takes space.
  package func inventory() throws(EffectFailure) -> [StoredItem] { try machine().inventory }

  /// Removes one piece.
  package func discard(_ item: StoredItem) -> Outcome {
    change { machine, _ in machine.discard(item) }
  }

  /// Lines that the dynos' commands say they write.
  package func logs(_ query: LogQuery) throws(EffectFailure) -> [LogLine] {
    try machine().logs(query, at: clock())
  }

  /// The machine as it stands now, read again when another process has changed the file.
  func machine() throws(EffectFailure) -> SimulatedMachine {
    if known == nil || known?.stamp != SimulatedWorldFile.Stamp(path: file.path) {
      let (machine, stamp) = try file.read()
      known = Known(machine, stamp)
    }
    known?.advance(to: clock())
    return known?.machine ?? SimulatedMachine()
  }

  func change(
    _ operate: (inout SimulatedMachine, LoopTime) -> Outcome
  ) -> Outcome {
    do {
      let before = try machine()
      var after = before
      let outcome = operate(&after, clock())
      if after != before { known = Known(after, try file.write(after)) }
      return outcome
    } catch let failure {
      return .failed(failure)
    }
  }
}
