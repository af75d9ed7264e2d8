// What happens to a simulated machine without Muster: processes die, people interfere, disks lose
// things. The simulator's faults; `--runtime simulated` has none of them.

package import FormationModel

extension SimulatedMachine {
  /// A process dies by itself. Nothing when it does not run.
  package mutating func die(
    _ id: InstanceID, code: Int, outOfMemory: Bool = false, at now: LoopTime
  ) {
    let requested = instances[id]?.termAt != nil
    instances[id]?.finish(code: code, at: now, requested: requested, outOfMemory: outOfMemory)
  }

  /// The kernel ends a part of a running instance for its memory; the rest runs on.
  package mutating func starve(_ id: InstanceID) {
    guard let instance = instances[id], instance.isAlive else { return }
    instances[id]?.isStarved = true
  }

  /// The monitor of a running instance dies: it runs on, unwatched.
  package mutating func loseMonitor(_ id: InstanceID) {
    guard let instance = instances[id], case .running = instance.phase else { return }
    instances[id]?.phase = .unsupervised
  }

  /// Somebody removes an instance by hand, running or not, without a trace.
  package mutating func vanish(_ id: InstanceID) { instances[id] = nil }

  /// An instance behaves in another way from now on.
  package mutating func change(
    _ id: InstanceID, _ behave: (inout SimulatedBehaviour) -> Void
  ) {
    guard var instance = instances[id] else { return }
    behave(&instance.behaviour)
    instances[id] = instance
  }

  /// A slug is lost.
  package mutating func lose(slug: ContentDigest) { slugs.remove(slug) }

  /// A stack is lost.
  package mutating func lose(stack: ContentDigest) { stacks.remove(stack) }
}
