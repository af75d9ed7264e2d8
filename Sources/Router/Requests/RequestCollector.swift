// Takes HAProxy's request lines: one thread empties the socket whatever happens, a queue behind it
// counts and writes. Between them is a bounded backlog.

import Dispatch
import FormationModel
import Foundation
import Glibc
import Synchronization

/// The receiving end of the router's log. It runs until `stop`, which has to be called.
final class RequestCollector: Sendable {
  /// How often losses are written, and how often of these times the metrics, too.
  private static let tickInterval = DispatchTimeInterval.seconds(1)
  private static let ticksPerMetrics = 5
  /// How long lines gather in the pipe, in milliseconds: HAProxy wakes nobody for each of them, and
  /// no delay is long enough for anyone to see. Under load it is a tenth of what the pipe holds.
  private static let gathering: Int32 = 5
  /// Bytes that may wait for the disk: some seconds of heavy load.
  static let backlogBytes = 16 << 20

  private struct Account: Sendable {
    var metrics: RouteMetrics
    var ledger: LossLedger
  }

  private let folder: RouterFolder
  private let pipe: RequestPipe
  private let backlog: RequestBacklog
  private let account: Mutex<Account>
  private let writer: Mutex<RequestLogWriter>
  private let queue = DispatchQueue(label: "muster.requests")
  private let isStopping = Atomic(false)
  private let drained = DispatchSemaphore(value: 0)

  /// Opens the pipe and begins to take lines: those that wait there first. Goes on from the log and
  /// the losses that a collector before has noted. Throws when the pipe can't be opened.
  convenience init(_ folder: RouterFolder, policy: RequestLogPolicy = RequestLogPolicy())
    throws(EffectFailure)
  {
    try self.init(folder, policy, backlogBytes: Self.backlogBytes)
    start()
  }

  /// Opens the pipe alone; nothing is taken from it before `start`.
  init(
    _ folder: RouterFolder, _ policy: RequestLogPolicy, backlogBytes: Int
  ) throws(EffectFailure) {
    let now = RequestClock.now
    self.folder = folder
    pipe = try RequestPipe(folder.requests)
    backlog = RequestBacklog(bytes: backlogBytes)
    account = Mutex(
      Account(
        metrics: RouteMetrics(since: now),
        ledger: LossLedger(after: MetricsFile(folder).read(), at: now)))
    mkdir(folder.state, 0o700)
    writer = Mutex(RequestLogWriter(RequestLog(folder).segments, policy))
  }

  func start() {
    let thread = Thread { [self] in drain() }
    thread.name = "muster-requests"
    thread.start()
    tick()
  }

  /// Notes what a process of HAProxy says to have dropped in its life (`DroppedLogs` of its `show
  /// info`). What is new of it becomes a loss in the log.
  func noteDropped(total: Int, of process: Int32) {
    let isNews = account.withLock {
      $0.ledger.noteDropped(total: total, of: process, at: RequestClock.now)
    }
    guard isNews else { return }
    queue.async {
      self.writeLosses()
      // At once, so that no crash makes the next collector count it again.
      self.writeMetrics()
    }
  }

  /// What is known of the requests now.
  func metrics() -> RequestMetrics {
    let now = RequestClock.now
    return account.withLock { $0.metrics.snapshot(at: now, losses: $0.ledger.losses) }
  }

  /// Takes what is left in the pipe and writes everything. What HAProxy tells from then on waits in
  /// the pipe for the next collector; what finds no room is lost, which that one says.
  func stop() {
    guard !isStopping.exchange(true, ordering: .relaxed) else { return }
    pipe.wake()
    drained.wait()
    queue.sync {
      settle()
      writeLosses()
      writeMetrics()
    }
  }

  private func drain() {
    var lines = RequestLines()
    while !isStopping.load(ordering: .relaxed) {
      pipe.wait()
      poll(nil, 0, Self.gathering)
      take(&lines)
    }
    take(&lines)
    drained.signal()
  }

  /// Empties the pipe into the backlog.
  private func take(_ lines: inout RequestLines) {
    var isNews = false
    while lines.read(pipe) {
      let now = RequestClock.now
      while let line = lines.next() { isNews = backlog.add(line, at: now) || isNews }
    }
    if isNews { queue.async { self.settle() } }
  }

  /// Counts and writes what has gathered.
  private func settle() {
    var batch = backlog.take()
    let now = RequestClock.now
    account.withLock { account in
      var good: [Range<Int>] = []
      for line in batch.bytes.wholeLines {
        guard case .request(let record) = RequestEntry(stored: line) else {
          account.ledger.receiveOthers(1)
          continue
        }
        account.metrics.record(record)
        account.ledger.receive(record)
        good.append(line.startIndex..<(line.endIndex + 1))
      }
      account.ledger.receiveOthers(batch.others)
      account.ledger.lose(.backlog, batch.refused, from: batch.refusedSince ?? now, at: now)
      batch.keep(good)
    }
    write(batch.bytes)
  }

  /// Writes lines. A disk that refuses costs these lines, and nothing after them.
  private func write(_ lines: [UInt8]) {
    guard !writer.withLock({ $0.append(lines) }), let first = lines.wholeLines.first else { return }
    let now = RequestClock.now
    let from = RequestEntry(stored: first)?.at ?? now
    let count = lines.count { $0 == UInt8(ascii: "\n") }
    account.withLock { $0.ledger.lose(.storage, count, from: from, at: now) }
  }

  /// Writes the losses that are not in the log yet.
  private func writeLosses() {
    let losses = account.withLock { $0.ledger.takePending() }
    if writer.withLock({ $0.append(losses.flatMap(\.stored)) }) { return }
    account.withLock { $0.ledger.giveBack(losses) }
  }

  /// What happens every second: losses come together, so that a time of them is not a line each.
  private func tick(_ number: Int = 1) {
    queue.asyncAfter(deadline: .now() + Self.tickInterval) { [weak self] in
      guard let self, !isStopping.load(ordering: .relaxed) else { return }
      writeLosses()
      if number % Self.ticksPerMetrics == 0 {
        account.withLock { $0.metrics.forget(at: RequestClock.now) }
        writeMetrics()
      }
      tick(number &+ 1)
    }
  }

  private func writeMetrics() { MetricsFile(folder).write(metrics()) }
}

extension RequestBacklog.Batch {
  /// Leaves out all lines but these.
  fileprivate mutating func keep(_ ranges: [Range<Int>]) {
    let count = ranges.reduce(0) { $0 + $1.count }
    if count != bytes.count { bytes = ranges.flatMap { bytes[$0] } }
  }
}
