// Sessions of the embedded runtime: a one-off dyno's through its monitor, a command's in a running
// dyno through the OCI runtime.

import ChildProcesses
package import Effects
package import FormationModel

extension EmbeddedRuntime: SessionHolding {
  /// How often to look for an instance that is about to start.
  private static let interval = Duration.milliseconds(10)

  /// Connects to the session of an instance that is about to start.
  package func attach(
    _ slot: SlotID, size: TerminalSize?, patience: Duration
  ) async throws(EffectFailure) -> SessionEnds {
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end, !Task.isCancelled {
      if let record = try waiting(in: slot) {
        return try SessionDoor(record, inspection).open(size: size)
      }
      try? await Task.sleep(for: Self.interval)
    }
    throw EffectFailure(
      "not-started", "\(slot.dynoName) has not started within \(patience)", retry: .later)
  }

  /// The record of an instance of the slot whose container waits to be started.
  private func waiting(in slot: SlotID) throws(EffectFailure) -> InstanceRecord? {
    guard let app = slot.app else { return nil }
    let prefix = "\(app).\(slot.dynoName).v"
    for name in try Files.names(in: places.instances) ?? [] where name.hasPrefix(prefix) {
      guard case .found(let record) = InstanceFolder(name: name, in: places).read(),
        record.session != nil, SessionHold(InstanceFolder(record.id, in: places)).isWanted
      else { continue }
      return record
    }
    return nil
  }

  /// Starts a command in a running instance.
  package func execute(
    _ command: String, in id: InstanceID, environment: [ConfigKey: ConfigValue],
    form: SessionForm, size: TerminalSize?
  ) async throws(EffectFailure) -> RunningCommand {
    let begun = await sessions.run { [self] in
      Result { () throws(EffectFailure) in
        guard let record = try record(of: id), inspection.phase(record).isLive else {
          throw EffectFailure("not-running", "\(id.slot.dynoName) does not run", retry: .later)
        }
        let execution = Execution(record, places: places, oci: try machinery().oci)
        return try execution.begin(command, environment, form: form, size: size)
      }
    }
    return try begun.get()
  }
}
