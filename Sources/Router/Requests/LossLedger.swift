// Keeps account of request lines: which came, and which are known to be lost, by whom. Losses wait
// here until they are in the log.

import FormationModel

/// The account.
struct LossLedger: Sendable {
  /// Processes of HAProxy that are remembered; a reload makes a new one.
  private static let processLimit = 16

  private(set) var losses = RequestLosses()
  /// What a collector before this one knew of a process.
  private var known: [Int32: RouterProcessCount] = [:]
  private let knownAt: LoopTime?
  /// When each process was last asked for what it dropped.
  private var asked: LoopTime
  private var pending: [RequestLoss] = []

  /// Goes on from what a collector noted before; nil: there was none.
  init(after before: RequestMetrics?, at now: LoopTime) {
    for process in before?.losses.processes ?? [] { known[process.process] = process }
    knownAt = before?.at
    asked = before?.at ?? now
  }

  /// Accounts for a line that came.
  mutating func receive(_ record: RequestRecord) {
    losses.received += 1
    guard let process = record.process, let counter = record.counter else { return }
    let index = index(of: process)
    losses.processes[index].lines += 1
    losses.processes[index].first = min(losses.processes[index].first ?? counter, counter)
    losses.processes[index].highest = max(losses.processes[index].highest ?? counter, counter)
    // The first request that began after a collector before this one had gone.
    if let highest = known[process]?.highest, let knownAt, counter > highest {
      known[process]?.highest = nil
      lose(.away, counter - highest - 1, from: knownAt, at: record.at)
    }
  }

  /// Accounts for datagrams that were no lines.
  mutating func receiveOthers(_ count: Int) { losses.others += count }

  /// Accounts for what a process says to have dropped since it began; whether that is news. A total
  /// that is lower than before is another process's that got the same number.
  mutating func noteDropped(total: Int, of process: Int32, at now: LoopTime) -> Bool {
    let index = index(of: process)
    let before = losses.processes[index].dropped
    losses.processes[index].dropped = max(0, total)
    let fresh = total >= before ? total - before : max(0, total)
    lose(.handover, fresh, from: asked, at: now)
    asked = now
    return fresh > 0
  }

  /// Accounts for lost lines.
  mutating func lose(_ cause: RequestLoss.Cause, _ count: Int, from: LoopTime, at now: LoopTime) {
    guard count > 0 else { return }
    losses.lost[cause.rawValue, default: 0] += count
    guard let index = pending.firstIndex(where: { $0.cause == cause }) else {
      return pending.append(RequestLoss(cause, count: count, from: from, at: now))
    }
    let sum = pending[index].count + count
    pending[index] = RequestLoss(cause, count: sum, from: min(pending[index].from, from), at: now)
  }

  /// Losses that are not in the log; they are this caller's to write from now on.
  mutating func takePending() -> [RequestLoss] {
    defer { pending = [] }
    return pending
  }

  /// Takes losses back that could not be written. They are counted already.
  mutating func giveBack(_ losses: [RequestLoss]) {
    let counts = self.losses.lost
    for loss in losses { lose(loss.cause, loss.count, from: loss.from, at: loss.at) }
    self.losses.lost = counts
  }

  private mutating func index(of process: Int32) -> Int {
    if let index = losses.processes.firstIndex(where: { $0.process == process }) { return index }
    let dropped = known[process]?.dropped ?? 0
    losses.processes.insert(RouterProcessCount(process: process, dropped: dropped), at: 0)
    losses.processes = Array(losses.processes.prefix(Self.processLimit))
    return 0
  }
}
