// Hints that something happened to an instance: it was started, it has ended, its monitor died, its
// record came or went. Hints may be lost; an observation tells the truth.

import Dispatch
import FormationModel
import Synchronization

/// Watches what the machine keeps of instances while somebody listens. The kernel tells each change
/// as it happens, all of them through one descriptor: nothing is polled, and nothing is open for
/// each instance.
final class InstanceHints: Sendable {
  /// A watched folder, and what its names stand for.
  private enum Place: Hashable {
    /// Exit codes, by container.
    case exits
    /// Folders of instances.
    case instances
    /// One instance's folder, with its record, and with what whoever holds its session has open.
    case instance(InstanceID)
    /// Output of one app's instances: a monitor that dies closes what it writes.
    case logs(folder: String)
  }

  private struct State {
    /// Instances by the names that things of theirs have: container, folder, log file.
    var names: [String: InstanceID] = [:]
    var listeners: [Int: AsyncStream<InstanceID>.Continuation] = [:]
    var next = 0
    var watch: FolderWatch?
    var numbers: [Place: Int32] = [:]
    var watched: [Int32: Place] = [:]
  }

  private let places: ControllerPlaces
  private let logs: LogFolder
  private let queue = DispatchQueue(label: "muster.hints")
  private let state = Mutex(State())

  init(_ places: ControllerPlaces, logs: LogFolder) {
    self.places = places
    self.logs = logs
  }

  /// A stream of hints; ends with the task that iterates it.
  func stream() -> AsyncStream<InstanceID> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1024)) { continuation in
      let number = state.withLock { state in
        state.next += 1
        state.listeners[state.next] = continuation
        begin(&state)
        return state.next
      }
      continuation.onTermination = { _ in self.leave(number) }
    }
  }

  private func begin(_ state: inout State) {
    guard state.watch == nil else { return }
    state.watch = FolderWatch(on: queue) { [weak self] events in
      for event in events { self?.take(event) }
    }
    for id in Set(state.names.values) { watch(id, &state) }
    watchShared(&state)
  }

  private func leave(_ number: Int) {
    state.withLock { state in
      state.listeners[number] = nil
      guard state.listeners.isEmpty else { return }
      state.watch?.cancel()
      state.watch = nil
      state.numbers = [:]
      state.watched = [:]
    }
  }

  /// Notes instances, and watches them when somebody listens.
  func watch(_ ids: [InstanceID]) {
    state.withLock { state in
      if state.watch != nil { watchShared(&state) }
      for id in ids {
        if state.names.updateValue(id, forKey: places.container(id)) == nil {
          for name in names(id) { state.names[name] = id }
        }
        if state.watch != nil { watch(id, &state) }
      }
    }
  }

  /// Forgets an instance that is removed.
  func forget(_ id: InstanceID) {
    state.withLock { state in
      state.names[places.container(id)] = nil
      for name in names(id) { state.names[name] = nil }
    }
  }

  /// Tells everybody who listens.
  func tell(_ id: InstanceID) {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(id) }
  }

  // MARK: - Watching

  private func names(_ id: InstanceID) -> [String] {
    [id.description, String(logs.file(id).dropFirst(Files.parent(of: logs.file(id)).count + 1))]
  }

  private func watchShared(_ state: inout State) {
    // A monitor writes the code beside its place and moves it there.
    add(.exits, places.exits, [.closed, .came], &state)
    add(.instances, places.instances, [.came, .went], &state)
  }

  private func watch(_ id: InstanceID, _ state: inout State) {
    add(.instance(id), InstanceFolder(id, in: places).path, [.went, .closed], &state)
    let folder = Files.parent(of: logs.file(id))
    add(.logs(folder: folder), folder, .closed, &state)
  }

  /// What is not there yet is watched when the next instance is.
  private func add(
    _ place: Place, _ folder: String, _ what: FolderWatch.What, _ state: inout State
  ) {
    guard state.numbers[place] == nil, let number = state.watch?.add(folder, for: what) else {
      return
    }
    state.numbers[place] = number
    state.watched[number] = place
  }

  // MARK: - What happened

  private func take(_ event: FolderWatch.Event) {
    if event.watch < 0 {
      // Too much at once: somebody's event was lost, so everybody is told of.
      for id in state.withLock({ Set($0.names.values) }) { tell(id) }
      return
    }
    let (place, known) = state.withLock { state -> (Place?, InstanceID?) in
      let place = state.watched[event.watch]
      if event.what == .gone, let place {
        state.watched[event.watch] = nil
        state.numbers[place] = nil
      }
      return (place, state.names[event.name])
    }
    guard let place, event.what != .gone else { return }
    switch place {
    case .exits:
      if let known { tell(known) }
    case .logs:
      // One that has written the exit code has said what there is to say.
      if let known, !Files.exists("\(places.exits)/\(places.container(known))") { tell(known) }
    case .instance(let id):
      let isLeft = event.name == SessionHold.name && event.what == .closed
      let isGone = event.name == "record.json" && event.what == .went
      if isLeft || isGone, isKnown(id) { tell(id) }
    case .instances:
      if event.what == .came {
        // What is known came by ourselves, and tells when it is started.
        if known == nil, let id = stranger(event) { tell(id) }
      } else if let known {
        tell(known)
        forget(known)
      }
    }
  }

  private func isKnown(_ id: InstanceID) -> Bool {
    state.withLock { $0.names[places.container(id)] != nil }
  }

  /// An instance that another Muster of this controller began.
  private func stranger(_ event: FolderWatch.Event) -> InstanceID? {
    guard !event.name.hasPrefix("."),
      case .found(let record) = InstanceFolder(name: event.name, in: places).read()
    else { return nil }
    watch([record.id])
    return record.id
  }
}
