// Hints that something happened to an instance: an exit file appeared, or a monitor died. Hints may
// be lost; an observation tells the truth.

import CLinux
import Dispatch
import FormationModel
import Glibc
import Synchronization

/// Watches exit files and monitors while somebody listens.
final class InstanceHints: Sendable {
  private struct State {
    var names: [String: InstanceID] = [:]
    var monitors: [InstanceID: any DispatchSourceRead] = [:]
    var listeners: [Int: AsyncStream<InstanceID>.Continuation] = [:]
    var next = 0
    var folder: (any DispatchSourceRead)?
  }

  private let places: ControllerPlaces
  private let queue = DispatchQueue(label: "muster.hints")
  private let state = Mutex(State())

  init(_ places: ControllerPlaces) { self.places = places }

  /// A stream of hints; ends with the task that iterates it.
  func stream() -> AsyncStream<InstanceID> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1024)) { continuation in
      let number = state.withLock { state in
        state.next += 1
        state.listeners[state.next] = continuation
        if state.folder == nil { state.folder = watchFolder() }
        return state.next
      }
      continuation.onTermination = { _ in self.leave(number) }
    }
  }

  private func leave(_ number: Int) {
    let stopped = state.withLock { state -> [any DispatchSourceRead] in
      state.listeners[number] = nil
      guard state.listeners.isEmpty else { return [] }
      defer {
        state.monitors = [:]
        state.folder = nil
      }
      return Array(state.monitors.values) + (state.folder.map { [$0] } ?? [])
    }
    for source in stopped { source.cancel() }
  }

  /// Notes an instance, and watches its monitor when somebody listens.
  func watch(_ id: InstanceID, monitor: pid_t?) {
    state.withLock { state in
      state.names[places.container(id)] = id
      if state.listeners.isEmpty { return }
      if state.folder == nil { state.folder = watchFolder() }
      guard let monitor, state.monitors[id] == nil else { return }
      let descriptor = muster_pidfd_open(monitor)
      guard descriptor >= 0 else { return }
      state.monitors[id] = source(descriptor) { [weak self] in self?.monitorEnded(id) }
    }
  }

  /// Forgets an instance that was removed.
  func forget(_ id: InstanceID) {
    state.withLock { state in
      state.names[places.container(id)] = nil
      state.monitors.removeValue(forKey: id)?.cancel()
    }
  }

  private func monitorEnded(_ id: InstanceID) {
    // A pidfd stays readable once its process has ended.
    state.withLock { $0.monitors.removeValue(forKey: id) }?.cancel()
    tell(id)
  }

  private func watchFolder() -> (any DispatchSourceRead)? {
    let descriptor = muster_watch_folder(places.exits)
    guard descriptor >= 0 else { return nil }
    return source(descriptor) { [weak self] in
      var names = [CChar](repeating: 0, count: 4096)
      while case let count = muster_read_names(descriptor, &names, names.count), count > 0 {
        let bytes = names[..<count].map { UInt8(bitPattern: $0) }
        for name in bytes.split(separator: 0) {
          self?.tell(container: String(decoding: name, as: UTF8.self))
        }
      }
    }
  }

  private func source(
    _ descriptor: Int32, _ handler: @escaping @Sendable () -> Void
  ) -> any DispatchSourceRead {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler(handler: handler)
    source.setCancelHandler { close(descriptor) }
    source.activate()
    return source
  }

  private func tell(container: String) {
    if let id = state.withLock({ $0.names[container] }) { tell(id) }
  }

  private func tell(_ id: InstanceID) {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(id) }
  }
}
