// Where the output of each instance lies, and for how long: beside the instances, so that it
// outlives them, and a bounded number of files for each slot.

import ChildProcesses
import FormationModel
import Glibc

/// How much output is kept.
package struct LogPolicy: Hashable, Sendable {
  /// Bytes at which a file is set aside and a new one begun.
  package var bytes = 10_000_000
  /// Files of one instance, the one being written included.
  package var files = 3
  /// Instances of a slot whose output is kept after they were removed.
  package var previous = Limits().previousLogs
  /// The same of release commands.
  package var previousReleases = Limits().releaseLogs

  /// Bytes at which a monitor drops the file and begins a new one by itself, when no Muster sets it
  /// aside in time.
  var guardBytes: Int { bytes * 3 }

  /// Makes the default policy: 50 MB for each instance at most.
  package init() {}

  /// Makes the policy that keeps an instance's output within so many bytes: two files set aside and
  /// one that grows to its guard.
  package init(bytesPerDyno: Int64) { bytes = max(1 << 16, Int(bytesPerDyno / 5)) }
}

/// What was dropped of an instance's output.
struct LogLosses: Hashable, Sendable {
  /// Lines in files that were dropped when files were set aside.
  var lines: Int
  /// When the output began; nil when it is not known.
  var since: LoopTime?

  init(lines: Int, since: LoopTime?) {
    self.lines = lines
    self.since = since
  }

  /// Reads `LINES MILLISECONDS`.
  init?(_ text: String) {
    let numbers = text.split(whereSeparator: \.isWhitespace).map { Int64($0) }
    guard numbers.count == 2, let lines = numbers[0], let since = numbers[1] else { return nil }
    self.init(lines: Int(clamping: lines), since: LoopTime(milliseconds: since))
  }

  var text: String { "\(lines) \(since?.milliseconds ?? 0)\n" }
}

/// The log files of one controller.
struct LogFolder: Sendable {
  let path: String
  let policy: LogPolicy

  /// The file that an instance's monitor writes.
  func file(_ id: InstanceID) -> String {
    "\(folder(id.slot))/\(id).\(id.kind.rawValue).log"
  }

  /// Where it is counted what was dropped of an instance's output.
  func lossFile(_ id: InstanceID) -> String { file(id) + ".lost" }

  /// Every file of an instance, oldest first, whether it is there or not.
  func files(_ id: InstanceID) -> [String] {
    (1..<max(2, policy.files)).reversed().map { "\(file(id)).\($0)" } + [file(id)]
  }

  private func folder(_ slot: SlotID) -> String { "\(path)/\(slot.app?.rawValue ?? "_system")" }

  /// Makes the folder for an instance's output, and notes when it begins.
  func begin(_ id: InstanceID) throws(EffectFailure) {
    try Files.makeFolder(folder(id.slot), mode: 0o700)
    write(LogLosses(lines: 0, since: WallClock.now), of: id)
  }

  /// The instances of an app, or of all, that have output, sorted.
  func instances(of app: AppName?) throws(EffectFailure) -> [InstanceID] {
    let apps: [String]
    if let app { apps = [app.rawValue] } else { apps = try Files.names(in: path) ?? [] }
    var found: [InstanceID] = []
    for app in apps {
      found += (try Files.names(in: "\(path)/\(app)") ?? []).compactMap(InstanceID.init(logFile:))
    }
    return found.sorted()
  }

  /// All output, by instance.
  func inventory() throws(EffectFailure) -> [StoredItem] {
    try instances(of: nil).map { id in
      let bytes = everything(id).reduce(0) { $0 + Files.used(by: $1) }
      return StoredItem(.log, "\(id)", instance: id, bytes: bytes)
    }
  }

  /// Removes an instance's output.
  func remove(_ id: InstanceID) throws(EffectFailure) {
    // The file that says that there is any goes last.
    for file in everything(id) { try Files.remove(file) }
  }

  private func everything(_ id: InstanceID) -> [String] { [lossFile(id)] + files(id) }

  /// Sets a file that has grown past the limit aside; `reopen` tells the monitor to begin a new
  /// one. The lines of the file that is dropped are counted.
  func rotate(_ id: InstanceID, reopen: () -> Void) throws(EffectFailure) {
    guard let status = Files.status(file(id)), status.st_size >= policy.bytes else { return }
    let files = files(id)
    if let oldest = files.first, Files.exists(oldest) {
      var losses = losses(id)
      losses.lines += LogFile.countLines(oldest)
      // First, so that its lines are never counted twice.
      try Files.remove(oldest)
      write(losses, of: id)
    }
    for (older, newer) in zip(files, files.dropFirst()) where Files.exists(newer) {
      guard rename(newer, older) == 0 else { throw .lastError("cannot rotate \(newer)") }
    }
    reopen()
  }

  /// What was dropped of an instance's output; nothing when nobody counted.
  func losses(_ id: InstanceID) -> LogLosses {
    Files.text(lossFile(id)).flatMap(LogLosses.init) ?? LogLosses(lines: 0, since: nil)
  }

  // On a full disk there is no count, and output and rotation go on.
  private func write(_ losses: LogLosses, of id: InstanceID) {
    try? Files.write(losses.text.utf8, to: lossFile(id), mode: 0o600)
  }

  /// Removes output of removed instances of the slot, but the newest; of one-off dynos, each in a
  /// slot of its own, those of the app.
  func prune(_ slot: SlotID, present: (InstanceID) -> Bool) throws(EffectFailure) {
    guard let app = slot.app else { return }
    let isOneOff = slot.process == .run
    let removed = try instances(of: app).filter { id in
      (id.slot == slot || isOneOff && id.slot.process == .run) && !present(id)
    }
    let kept =
      switch slot.process {
      case .release: policy.previousReleases
      case .run: OneOffs.endedKept
      default: policy.previous
      }
    for id in removed.dropLast(kept) { try remove(id) }
  }
}

extension InstanceID {
  /// Reads the name of a log file of an app's dyno: `storefront.web.1.v7.3.dyno.log`.
  fileprivate init?(logFile name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 7, parts[6] == "log", parts[3].hasPrefix("v"),
      let app = AppName(rawValue: parts[0]), let process = ProcessType(rawValue: parts[1]),
      let ordinal = Int(parts[2]), let release = Int(parts[3].dropFirst()),
      let attempt = Int(parts[4]), let kind = InstanceKind(rawValue: parts[5])
    else { return nil }
    self.init(
      slot: SlotID(app, process, ordinal), kind: kind, release: release, attempt: attempt)
  }
}
