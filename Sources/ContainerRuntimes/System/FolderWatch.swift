// What happens in any number of folders, told at once by the kernel through one descriptor.

import CLinux
import Dispatch
import Glibc

/// Watches folders until it is cancelled.
final class FolderWatch {
  /// What to tell of a folder.
  struct What: OptionSet, Hashable, Sendable {
    let rawValue: Int32
    /// A file was written and closed.
    static let closed = What(rawValue: Int32(muster_folder_closed))
    /// A name came, moved there.
    static let came = What(rawValue: Int32(muster_folder_came))
    /// A name went, deleted or moved away.
    static let went = What(rawValue: Int32(muster_folder_went))
    /// The folder itself went, and with it the watch; told unasked.
    static let gone = What(rawValue: Int32(muster_folder_gone))
  }

  /// One thing that happened.
  struct Event: Hashable, Sendable {
    /// The number of the watch; -1: events were lost.
    let watch: Int32
    let what: What
    /// The name in the folder.
    let name: String
  }

  private let descriptor: Int32
  private let source: any DispatchSourceRead

  /// Starts without a folder; nil when the machine has no descriptor left. The handler runs on the
  /// queue.
  init?(on queue: DispatchQueue, _ handler: @escaping @Sendable ([Event]) -> Void) {
    let descriptor = muster_watch_open()
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler {
      while case let events = FolderWatch.read(descriptor), !events.isEmpty { handler(events) }
    }
    source.setCancelHandler { close(descriptor) }
    source.activate()
  }

  /// Stops; nothing may be added afterwards.
  func cancel() { source.cancel() }

  /// Watches a folder; the watch's number, nil when there is no such folder or no room.
  func add(_ folder: String, for what: What) -> Int32? {
    let number = muster_watch_add(descriptor, folder, what.rawValue)
    return number < 0 ? nil : number
  }

  private static func read(_ descriptor: Int32) -> [Event] {
    // As many as one read can bring.
    let capacity = 256
    return withUnsafeTemporaryAllocation(of: muster_folder_event.self, capacity: capacity) {
      events in
      guard let base = events.baseAddress else { return [] }
      let count = muster_watch_read(descriptor, base, capacity)
      return events.prefix(max(0, count)).map { event in
        let name = withUnsafeBytes(of: event.name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return Event(watch: event.watch, what: What(rawValue: event.what), name: name)
      }
    }
  }
}
