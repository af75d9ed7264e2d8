// The embedded runtime: dynos as containers of this machine, made with an OCI runtime, conmon and
// overlayfs, without a daemon. This file is the seam; what it does is in the files beside it.

import ChildProcesses
package import Effects
package import FormationModel
import Synchronization

/// Runs the instances of one controller on this machine. Needs root for everything but its making.
package final class EmbeddedRuntime: ContainerRuntime {
  /// `embedded`.
  package let name = "embedded"

  let places: ControllerPlaces
  let cgroups: Cgroups
  let stacks: StackStore
  let slugs: SlugStore
  let logs: LogFolder
  let choice: OCIRuntimeChoice
  /// Starts, stops, removals.
  let effects: BlockingLanes
  /// Starts of dynos that wait to be connected, and commands in running dynos.
  let sessions: BlockingLanes
  /// Observations, probes, logs.
  let reads: BlockingLanes
  private let builds: BlockingLanes
  private let found = Mutex<Machinery?>(nil)
  let hints: InstanceHints
  let monitors = MonitorChildren()

  /// Makes a runtime that touches nothing yet. `controller` is the controller's id, `stateFolder`
  /// an absolute path; `concurrency` effects are performed at once. Fails with `bad-controller` or
  /// `bad-state-folder`.
  package convenience init(
    controller: String, stateFolder: String, concurrency: Int = Limits().concurrentEffects,
    logPolicy: LogPolicy = LogPolicy(), ociRuntime: OCIRuntimeChoice = .automatic
  ) throws(EffectFailure) {
    let boot = Files.text("/proc/sys/kernel/random/boot_id") ?? "unknown-boot"
    let places = try ControllerPlaces(
      controller: controller, state: stateFolder, boot: boot.filter { $0 != "\n" })
    self.init(places, concurrency: concurrency, logPolicy: logPolicy, choice: ociRuntime)
  }

  init(
    _ places: ControllerPlaces, concurrency: Int, logPolicy: LogPolicy, choice: OCIRuntimeChoice
  ) {
    self.places = places
    self.choice = choice
    cgroups = Cgroups.onThisMachine()
    logs = LogFolder(path: places.logs, policy: logPolicy)
    effects = BlockingLanes("effects", width: concurrency)
    sessions = BlockingLanes("sessions", width: 2 * concurrency)
    reads = BlockingLanes("reads", width: max(2, concurrency))
    builds = BlockingLanes("builds", width: 2)
    stacks = StackStore(places.stacks)
    slugs = SlugStore(places.slugs, lanes: effects)
    hints = InstanceHints(places, logs: logs)
  }

  var inspection: InstanceInspection {
    InstanceInspection(places: places, cgroups: cgroups, logs: logs)
  }

  /// What mutating calls need, found at the first of them.
  func machinery() throws(EffectFailure) -> Machinery {
    let result = found.withLock { found -> Result<Machinery, EffectFailure> in
      if let found { return .success(found) }
      return Result { () throws(EffectFailure) in
        let (records, unreadable) = try self.scan()
        let cores = CoreKeeper(inspection) { [weak self] in try? self?.scan().records }
        let machinery = try Machinery(
          places, cgroups: cgroups, choice: choice, records: records, monitors: monitors,
          cores: cores)
        try Leftovers(places: places).sweep(records, unreadable: unreadable)
        try stacks.content.sweep()
        try slugs.content.sweep()
        found = machinery
        return machinery
      }
    }
    return try result.get()
  }

  /// Forgets what was found, so that the next mutating call finds it again.
  func forgetMachinery() { found.withLock { $0 = nil } }

  /// Makes a stack ready.
  package func prepare(
    _ stack: StackReference, progress: @escaping @Sendable (String) -> Void
  ) async -> Outcome {
    await builds.run {
      Outcome { () throws(EffectFailure) in
        _ = try self.machinery()
        try self.stacks.prepare(stack, progress: progress)
      }
    }
  }

  /// Makes a slug ready.
  package func prepare(_ slug: SlugReference, from source: any SlugWriting) async -> Outcome {
    let ready = await effects.run {
      Outcome { () throws(EffectFailure) in _ = try self.machinery() }
    }
    guard case .done = ready else { return ready }
    return await slugs.prepare(slug, from: source)
  }

  /// Starts one instance.
  package func start(_ spec: InstanceSpec, config: [ConfigKey: ConfigValue]) async -> Outcome {
    // One that waits for whoever asked for it keeps nobody else waiting.
    await (spec.session == nil ? effects : sessions).run {
      Outcome { () throws(EffectFailure) in
        let launch = self.launch(try self.machinery())
        // Before it starts: it may end before this returns.
        self.hints.watch([spec.id])
        do throws(EffectFailure) {
          try launch.start(spec, config: config)
        } catch {
          if !Files.exists(InstanceFolder(spec.id, in: self.places).path) {
            self.hints.forget(spec.id)
          }
          throw error
        }
        self.hints.watch([spec.id])
        self.hints.tell(spec.id)
      }
    }
  }

  func launch(_ machinery: Machinery) -> InstanceLaunch {
    InstanceLaunch(
      places: places, machinery: machinery, inspection: inspection, stacks: stacks.content,
      slugs: slugs.content)
  }

  /// Asks an instance to stop.
  package func stop(_ id: InstanceID, killAt: LoopTime) async -> Outcome {
    await end(id) { (record, termination) throws(EffectFailure) in
      try termination.stop(record, killAt: killAt)
    }
  }

  /// Kills an instance.
  package func kill(_ id: InstanceID) async -> Outcome {
    await end(id) { (record, termination) throws(EffectFailure) in
      try termination.kill(record)
    }
  }

  private func end(
    _ id: InstanceID,
    _ work: @escaping @Sendable (InstanceRecord, InstanceTermination) throws(EffectFailure) -> Void
  ) async -> Outcome {
    await effects.run {
      Outcome { () throws(EffectFailure) in
        guard let record = try self.record(of: id) else {
          throw EffectFailure("unknown-instance", "there is no \(id)", retry: .afterObserving)
        }
        try work(
          record, InstanceTermination(places: self.places, inspection: self.inspection))
      }
    }
  }

  /// Removes an instance that is not running.
  package func remove(_ id: InstanceID) async -> Outcome {
    await effects.run {
      Outcome { () throws(EffectFailure) in
        guard let record = try self.record(of: id) else { return }
        let termination = InstanceTermination(places: self.places, inspection: self.inspection)
        let removal = InstanceRemoval(
          places: self.places, machinery: try self.machinery(), inspection: self.inspection,
          termination: termination)
        // What we remove ourselves is news to nobody.
        self.hints.forget(id)
        try removal.remove(record)
        self.monitors.reap()
      }
    }
  }

  /// The record of an instance; nil when there is none; throws when it cannot be read.
  func record(of id: InstanceID) throws(EffectFailure) -> InstanceRecord? {
    switch InstanceFolder(id, in: places).read() {
    case .absent: return nil
    case .found(let record): return record
    case .unreadable(let reason):
      throw EffectFailure(
        "unreadable-record", reason, fix: "look at it, and remove the folder by hand",
        retry: .whenMachineIsMended)
    }
  }
}
