// A platform to measure on: a repository, a state directory of its own, and the loop between them,
// put together as the commands do.

import ControlLoop
import Effects
import FormationModel
import Foundation
import Looping
import ManifestParsing
import Planning
import StateStore

/// A state directory in a temporary folder, with everything in it.
struct BenchState {
  let folder: StateFolder
  let identity: ControllerIdentity
  let store: SQLiteStore
  private let lock: StateLock

  init() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("muster-bench-state-\(UUID().uuidString)").path
    folder = try StateFolder.open(path: path, mode: .readWrite)
    lock = try folder.lock(command: "bench", at: now())
    identity = try folder.identity()
    store = try folder.store(holding: lock)
  }

  var digests: any Digesting { KeyedDigests(identity) }

  /// The seams of a loop over this state.
  func seams(
    _ source: any FormationSource, _ runtime: any ContainerRuntime, _ stacks: any StackResolving,
    clock: @escaping @Sendable () -> LoopTime
  ) -> LoopSeams {
    LoopSeams(
      source: source, runtime: runtime, store: store, secrets: folder.secrets(),
      digests: digests, stacks: stacks, clock: clock,
      describe: { step, _, at, revision in
        StoredEvent(
          at: at, app: step.app, subject: nil, reason: "Step", message: "\(step.reason)",
          revision: revision)
      }, tell: { _, _ in nil })
  }

  /// Every file with what changes when it is written.
  func stamps() throws -> [String: [Int]] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
    var stamps: [String: [Int]] = [:]
    for case let name as String in names {
      var status = stat()
      guard lstat("\(folder.path)/\(name)", &status) == 0 else { continue }
      stamps[name] = [
        Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
      ]
    }
    return stamps
  }

  /// Removes it.
  func remove() {
    lock.release()
    try? FileManager.default.removeItem(atPath: folder.path)
  }
}

/// The wall clock.
@Sendable func now() -> LoopTime {
  LoopTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
}
