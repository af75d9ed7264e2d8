// Work on every core at once, for what this layer's queue would otherwise do alone.

import Dispatch
import Foundation
import ManifestParsing
import Synchronization

/// Does pieces of work on every core. The thread that asks does its share, and waits for the rest.
struct AllCores: WorkSpreading {
  /// Fewer pieces are not worth a thread.
  private static let leastPieces = 8
  /// Several parts for each core: one that got the larger pieces does not keep the others waiting.
  private static let partsPerCore = 4

  func map<Piece: Sendable, Result: Sendable>(
    _ pieces: [Piece], _ work: @Sendable (Piece) -> Result
  ) -> [Result] {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    guard cores > 1, pieces.count >= Self.leastPieces else { return pieces.map(work) }
    let parts = cores * Self.partsPerCore
    let results = Mutex<[[Result]]>(Array(repeating: [], count: parts))
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let range = pieces.count * part / parts..<pieces.count * (part + 1) / parts
      let done = pieces[range].map(work)
      results.withLock { $0[part] = done }
    }
    return results.withLock { $0.flatMap { $0 } }
  }
}
