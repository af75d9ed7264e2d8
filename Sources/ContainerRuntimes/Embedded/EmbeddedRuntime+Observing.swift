// What the embedded runtime says about the world: observation, probes, logs, hints.

package import Effects
package import FormationModel

extension EmbeddedRuntime {
  /// Every record of this controller, and what could not be read.
  func scan() throws(EffectFailure) -> (records: [InstanceRecord], unreadable: [String]) {
    var records: [InstanceRecord] = []
    var unreadable: [String] = []
    for name in try Files.names(in: places.instances) ?? [] where !name.hasPrefix(".") {
      switch InstanceFolder(name: name, in: places).read() {
      case .absent: break
      case .found(let record) where record.controller != places.controller:
        unreadable.append("\(places.instances)/\(name): belongs to controller \(record.controller)")
      case .found(let record): records.append(record)
      case .unreadable(let reason): unreadable.append(reason)
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
        let inspection = self.inspection
        let instances = records.map(inspection.observe)
        self.rotateLogs(of: instances)
        self.monitors.reap()
        self.hints.watch(records.map(\.id))
        return .complete(
          ObservedFormation(
            instances: instances, slugs: try self.slugs.content.digests(),
            stacks: try self.stacks.content.digests(),
            unreadable: unreadable, strangers: self.report(strays, beside: unreadable)))
      } catch {
        return .unavailable(reason: error.message)
      }
    }
  }

  /// Containers that no record names. Where a record cannot be read, one of them may be its own.
  private func report(_ strays: Set<String>, beside unreadable: [String]) -> [String] {
    guard unreadable.isEmpty else { return [] }
    return strays.sorted().map { "\(places.oci)/\($0): a container without a record" }
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

  private var logReader: LogReader {
    let places = places
    return LogReader(folder: logs) { Files.exists(InstanceFolder($0, in: places).path) }
  }

  /// Lines that are kept.
  package func logs(_ query: LogQuery) async throws(EffectFailure) -> [LogLine] {
    let reader = logReader
    let result = await reads.run {
      Result { () throws(EffectFailure) in try reader.read(query).lines }
    }
    return try result.get()
  }

  /// Lines that are kept, and then new ones.
  package func follow(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    let reader = logReader
    let reads = reads
    return AsyncThrowingStream { continuation in
      let task = Task {
        let first = await reads.run {
          Result { () throws(EffectFailure) in
            let (lines, ends) = try reader.read(query)
            return (lines, LogTail(LogFollower(reader, query, from: ends)))
          }
        }
        do {
          let (lines, tail) = try first.get()
          for line in lines { continuation.yield(line) }
          while !Task.isCancelled {
            let next = await reads.run { tail.next() }
            for line in try next.get() { continuation.yield(line) }
            try await Task.sleep(for: .milliseconds(200))
          }
          continuation.finish()
        } catch is CancellationError {
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}
