// One slot as the planner looks at it: its instances sorted by what they are to the goal.

package import FormationModel

/// The instances of one slot.
struct SlotView {
  let slot: SlotID
  /// Never started.
  private(set) var created: [ObservedInstance] = []
  /// Run what the slot asks for, newest attempt first.
  private(set) var current: [ObservedInstance] = []
  /// Run something else, or unwatched, newest attempt first.
  private(set) var outdated: [ObservedInstance] = []
  /// Were asked to stop.
  private(set) var stopping: [ObservedInstance] = []
  /// Exited, newest attempt first.
  private(set) var tombstones: [ObservedInstance] = []

  /// `form` is what the slot asks for; nil when it is not wanted. Attempts up to `restarted` are to
  /// be replaced whatever they run.
  init(
    slot: SlotID, instances: [ObservedInstance], form: InstanceForm?, restarted: Int = 0
  ) {
    self.slot = slot
    for instance in instances.sorted(by: { $0.id > $1.id }) {
      switch instance.phase {
      case .created: created.append(instance)
      case .running
      where instance.form == form && form != nil && instance.id.attempt > restarted:
        current.append(instance)
      case .running, .unsupervised: outdated.append(instance)
      case .stopping: stopping.append(instance)
      case .exited: tombstones.append(instance)
      }
    }
  }

  /// Whether anything of the slot may be running.
  var isOccupied: Bool { !current.isEmpty || !outdated.isEmpty || !stopping.isEmpty }

  /// The highest attempt seen.
  var highestAttempt: Int {
    (created + current + outdated + stopping + tombstones).map(\.id.attempt).max() ?? 0
  }
}

extension ObservedInstance {
  /// How it ended; nil when it has not.
  package var exit: InstanceExit? {
    if case .exited(let exit) = phase { exit } else { nil }
  }
}
