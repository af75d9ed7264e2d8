// Where the output of each instance lies, and for how long: beside the instances, so that it
// outlives them, and a bounded number of files for each slot.

import FormationModel
import Glibc

/// How much output is kept.
package struct LogPolicy: Hashable, Sendable {
  /// Bytes at which a file is set aside and a new one begun.
  package var bytes = 8 << 20
  /// Files of one instance, the one being written included.
  package var files = 3
  /// Instances of a slot whose output is kept after they were removed.
  package var previous = 2

  /// Makes the default policy.
  package init() {}
}

/// The log files of one controller.
struct LogFolder: Sendable {
  let path: String
  let policy: LogPolicy

  /// The file that an instance's monitor writes.
  func file(_ id: InstanceID) -> String {
    "\(folder(id.slot))/\(id).\(id.kind.rawValue).log"
  }

  /// Every file of an instance, oldest first, whether it is there or not.
  func files(_ id: InstanceID) -> [String] {
    (1..<max(2, policy.files)).reversed().map { "\(file(id)).\($0)" } + [file(id)]
  }

  private func folder(_ slot: SlotID) -> String { "\(path)/\(slot.app?.rawValue ?? "_system")" }

  /// Makes the folder for an instance's output.
  func begin(_ id: InstanceID) throws(EffectFailure) {
    try Files.makeFolder(folder(id.slot), mode: 0o700)
  }

  /// The instances of an app that have output, sorted.
  func instances(of app: AppName) throws(EffectFailure) -> [InstanceID] {
    let names = try Files.names(in: "\(path)/\(app)") ?? []
    return names.compactMap { InstanceID(logFile: $0) }.sorted()
  }

  /// Sets a file that has grown past the limit aside; `reopen` tells the monitor to begin a new
  /// one.
  func rotate(_ id: InstanceID, reopen: () -> Void) throws(EffectFailure) {
    guard let status = Files.status(file(id)), status.st_size >= policy.bytes else { return }
    let files = files(id)
    for (older, newer) in zip(files, files.dropFirst()) where Files.exists(newer) {
      guard rename(newer, older) == 0 else { throw .lastError("cannot rotate \(newer)") }
    }
    reopen()
  }

  /// Removes output of removed instances of the slot, but the newest.
  func prune(_ slot: SlotID, present: (InstanceID) -> Bool) throws(EffectFailure) {
    guard let app = slot.app else { return }
    let removed = try instances(of: app).filter { $0.slot == slot && !present($0) }
    for id in removed.dropLast(policy.previous) {
      for file in files(id) { try Files.remove(file) }
    }
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
