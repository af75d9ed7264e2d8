// What the embedded runtime says about the world: observation, probes, hints.

import ChildProcesses
package import FormationModel

extension EmbeddedRuntime {
  /// Every record of this controller, and the folders whose record is not one.
  func scan() throws(EffectFailure) -> (records: [InstanceRecord], unreadable: [UnreadRecord]) {
    var records: [InstanceRecord] = []
    var unreadable: [UnreadRecord] = []
    for name in try Files.names(in: places.instances) ?? [] where !name.hasPrefix(".") {
      switch InstanceFolder(name: name, in: places).read() {
      case .absent: break
      case .found(let record) where record.controller != places.controller:
        let reason =
          "\(places.instances)/\(name): belongs to controller \(record.controller)"
        unreadable.append(UnreadRecord(folder: name, reason: reason))
      case .found(let record): records.append(record)
      case .unreadable(let reason):
        unreadable.append(UnreadRecord(folder: name, reason: reason))
      }
    }
    return (records, unreadable)
  }

  /// What is there.
  package func observe() async -> Observation {
    await reads.run {
      do throws(EffectFailure) {
        let leftovers = Leftovers(places: self.places)
        // Before and after the records: what starts or is removed meanwhile is missing from one.
        var strays = leftovers.containers()
        let (records, unreadable) = try self.scan()
        strays.formIntersection(leftovers.containers())
        strays.subtract(records.map(\.container))
        let claims = Claims(places: self.places, unreadable: unreadable, strays: strays)
        let inspection = self.inspection
        let instances = records.map(inspection.observe)
        self.rotateLogs(of: instances)
        self.monitors.reap()
        self.hints.watch(records.map(\.id))
        var formation = ObservedFormation(
          instances: instances, slugs: try self.slugs.content.digests(),
          stacks: try self.stacks.content.digests(),
          unproven: claims.unproven, strangers: claims.strangers)
        formation.shortage = self.shortage
        let bytes = MachineCapacity.onThisMachine.memoryBytes
        formation.memoryBytes = bytes > 0 ? bytes : nil
        return .complete(formation)
      } catch {
        return .unavailable(reason: error.message)
      }
    }
  }

  /// How little is free where stacks, slugs and logs lie; nil: enough, or nobody can tell.
  private var shortage: DiskShortage? {
    guard let free = Files.freeBytes(at: places.state),
      let capacity = Files.capacity(at: places.state)
    else { return nil }
    return .of(free: free, capacity: capacity)
  }

  private func rotateLogs(of instances: [ObservedInstance]) {
    for instance in instances where instance.phase.isLive {
      // A log that could not be rotated now is rotated by the next observation.
      try? logs.rotate(instance.id) {
        Conmon.reopenLog(bundle: InstanceFolder(instance.id, in: places).path)
      }
    }
  }

  /// Checks one running instance once.
  package func probe(_ instance: ObservedInstance, _ check: Healthcheck) async -> ProbeResult {
    await reads.run {
      guard let endpoint = instance.endpoint, let address = IPv4(endpoint.address),
        let port = UInt16(exactly: endpoint.port)
      else { return .failed(reason: "\(instance.id) has no port") }
      guard let record = try? self.record(of: instance.id),
        let process = self.inspection.process(record)
      else { return .failed(reason: "\(instance.id) is gone") }
      switch PortProbe.reach(port: endpoint.port, at: address, of: process) {
      case .nobody: return .notListening
      case .loopback: return .loopbackOnly
      case .everyone: break
      }
      guard let path = check.path else { return .healthy }
      return HTTPProbe(address: address, port: port, path: path, timeout: check.timeout).run()
    }
  }

  /// Hints that something happened.
  package func events() -> AsyncStream<InstanceID> { hints.stream() }
}
