// What can be done to a simulated machine, with the semantics of the ContainerRuntime seam.

package import FormationModel

extension SimulatedMachine {
  /// Makes a stack ready; idempotent.
  package mutating func prepare(_ stack: StackReference) -> Outcome {
    stacks.insert(stack.digest)
    return .done
  }

  /// Makes a slug ready; idempotent.
  package mutating func prepare(_ slug: SlugReference) -> Outcome {
    slugs.insert(slug.digest)
    return .done
  }

  /// Starts an instance; it behaves as its command says unless `behaviour` is given. Fails when the
  /// id exists, somebody else has the name, or slug or stack are not ready.
  package mutating func start(
    _ spec: InstanceSpec, config: [ConfigKey: ConfigValue] = [:], at now: LoopTime,
    behaviour: SimulatedBehaviour? = nil
  ) -> Outcome {
    if let obstacle = obstacle(to: spec) { return .failed(obstacle) }
    let behaviour =
      behaviour
      ?? SimulatedBehaviour(
        command: spec.command, variables: Self.variables(of: spec, config: config))
    guard !behaviour.isMissing else {
      return .failed(
        EffectFailure(
          "command-not-found", "\(spec.id): the slug has no command `\(spec.command)`",
          fix: "correct the command in the Procfile", retry: .withNewContent))
    }
    var instance = SimulatedInstance(spec: spec, behaviour: behaviour, number: nextNumber)
    nextNumber += 1
    instance.phase = .running
    instance.startedAt = now
    instances[spec.id] = instance
    return .done
  }

  /// Makes an instance and never starts it: what a crash between the two leaves behind.
  package mutating func create(_ spec: InstanceSpec) -> Outcome {
    if let obstacle = obstacle(to: spec) { return .failed(obstacle) }
    instances[spec.id] = SimulatedInstance(
      spec: spec, behaviour: SimulatedBehaviour(command: spec.command), number: nextNumber)
    nextNumber += 1
    return .done
  }

  /// Sends SIGTERM and notes when SIGKILL is due; asking one that has exited is done.
  package mutating func stop(_ id: InstanceID, killAt: LoopTime, at now: LoopTime) -> Outcome {
    guard var instance = instances[id] else { return .failed(Self.missing(id)) }
    if instance.isStaying {
      instance.phase = .stopping(killAt: killAt)
      instance.termAt = now
      instances[id] = instance
    }
    return .done
  }

  /// Sends SIGKILL; killing one that has exited is done.
  package mutating func kill(_ id: InstanceID, at now: LoopTime) -> Outcome {
    guard instances[id] != nil else { return .failed(Self.missing(id)) }
    let requested = instances[id]?.termAt != nil
    let isStarved = instances[id]?.isStarved == true
    instances[id]?.finish(code: 137, at: now, requested: requested, outOfMemory: isStarved)
    return .done
  }

  /// Removes an instance that is not running; one that is not there is removed already.
  package mutating func remove(_ id: InstanceID) -> Outcome {
    guard let instance = instances[id] else { return .done }
    guard !instance.isAlive else {
      return .failed(
        EffectFailure("running", "\(id) runs and cannot be removed", retry: .afterObserving))
    }
    instances[id] = nil
    departed.append(instance)
    if departed.count > Self.departedKept { departed.removeFirst() }
    return .done
  }

  /// Checks an instance once.
  package func probe(_ id: InstanceID, _ check: Healthcheck, at now: LoopTime) -> ProbeResult {
    guard let instance = instances[id], instance.isAlive, let startedAt = instance.startedAt else {
      return .failed(reason: "\(id) does not run")
    }
    let boot = startedAt + .milliseconds(instance.behaviour.bootMilliseconds)
    guard boot <= now else { return .notListening }
    switch instance.behaviour.port {
    case .none: return .notListening
    case .loopback: return .loopbackOnly
    case .bound: break
    }
    let status = instance.behaviour.status
    return check.path == nil || (200..<400).contains(status) ? .healthy : .status(status)
  }

  private func obstacle(to spec: InstanceSpec) -> EffectFailure? {
    if instances[spec.id] != nil {
      return EffectFailure("exists", "\(spec.id) exists already", retry: .afterObserving)
    }
    if strangers.contains(spec.id.description) {
      return EffectFailure(
        "name-taken", "\(spec.id): somebody else's container has this name",
        retry: .afterObserving)
    }
    if !stacks.contains(spec.content.stack.digest) {
      return EffectFailure(
        "stack-missing", "\(spec.id): stack \(spec.content.stack.stack.name) is not ready",
        retry: .afterObserving)
    }
    if !slugs.contains(spec.content.slug.digest) {
      return EffectFailure(
        "slug-missing", "\(spec.id): slug \(spec.content.slug.digest.short) is not ready",
        retry: .afterObserving)
    }
    return nil
  }

  private static func missing(_ id: InstanceID) -> EffectFailure {
    EffectFailure("no-such-instance", "there is no \(id)", retry: .afterObserving)
  }

  private static func variables(
    of spec: InstanceSpec, config: [ConfigKey: ConfigValue]
  ) -> [String: String] {
    var variables = Dictionary(
      config.map { ($0.key.rawValue, $0.value.unredacted) }, uniquingKeysWith: { _, last in last })
    variables["DYNO"] = spec.id.slot.dynoName
    variables["PORT"] = SimulatedInstance.port(of: spec).map(String.init)
    return variables
  }
}
