// What can go wrong with the database, worded for people. SQLite's own texts are not used, for they
// may quote statements and values: a cause names the code with the words that all its errors have.

import FormationModel
import GRDB

/// Failures of the database.
enum StoreFailure {
  /// The file is no sound database of ours.
  static func corrupt(
    _ path: String, _ why: String, causes: [String] = []
  ) -> EffectFailure {
    EffectFailure(
      "store-corrupt", "cannot read the database \(path): \(why)",
      fix: "put it back from a backup; without one, move it and its -wal and -shm aside: holds, "
        + "backoff and history are forgotten, release numbers go on from the running dynos",
      retry: .whenMachineIsMended, causes: causes)
  }

  /// A newer Muster wrote it.
  static func newer(_ path: String, found: Int, known: Int) -> EffectFailure {
    EffectFailure(
      "store-newer",
      "the database \(path) has version \(found), and this Muster knows versions up to \(known)",
      fix: "use the newer Muster again, or put back the backup made before it was installed",
      retry: .whenMachineIsMended)
  }

  /// An older Muster wrote it, and it may only be read.
  static func older(_ path: String) -> EffectFailure {
    EffectFailure(
      "store-older", "the database \(path) was written by an older Muster",
      fix: "muster reconcile brings it up to date", retry: .whenMachineIsMended)
  }

  /// It has a log that only a writer can take in.
  static func unfinished(_ path: String) -> EffectFailure {
    EffectFailure(
      "store-unfinished", "the database \(path) was copied or cut off in the middle of a write",
      fix: "muster reconcile finishes it", retry: .whenMachineIsMended)
  }

  /// A store opened for reading was asked to write.
  static func readOnly(_ path: String) -> EffectFailure {
    EffectFailure(
      "state-read-only", "cannot write \(path): it was opened for reading", retry: .withNewContent)
  }

  /// What an error of GRDB or SQLite means.
  static func of(_ error: any Error, _ path: String) -> EffectFailure {
    if let failure = error as? EffectFailure { return failure }
    guard let error = error as? DatabaseError else {
      return corrupt(path, "a row does not hold what it should")
    }
    let code = error.extendedResultCode.rawValue
    let causes = ["SQLite answered \(error.extendedResultCode)"]
    // The log's index could not grow: there is no space for it.
    if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return full(path, causes) }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_SCHEMA,
      .SQLITE_ERROR, .SQLITE_TOOBIG, .SQLITE_RANGE:
      return corrupt(path, "it is damaged (SQLite code \(code))", causes: causes)
    case .SQLITE_FULL:
      return full(path, causes)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return EffectFailure(
        "store-busy", "another process is using the database \(path)",
        fix: "end the program that has it open", retry: .later, causes: causes)
    case .SQLITE_CONSTRAINT:
      return EffectFailure(
        "store-conflict",
        "the database \(path) holds another value already (SQLite code \(code))",
        retry: .afterObserving, causes: causes)
    case .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH, .SQLITE_CANTOPEN:
      return EffectFailure(
        "state-no-permission",
        "cannot open the database \(path) as \(UserName.current) (SQLite code \(code))",
        fix: "run as the state directory's owner (sudo muster …), or use --state DIR",
        retry: .whenMachineIsMended, causes: causes)
    default:
      return EffectFailure(
        "store-failed", "the database \(path) failed (SQLite code \(code))",
        fix: "look at the disk and the kernel's log, then run muster again",
        retry: .whenMachineIsMended, causes: causes)
    }
  }

  private static func full(_ path: String, _ causes: [String]) -> EffectFailure {
    EffectFailure(
      "disk-full", "cannot write the database \(path): no space left on its file system",
      fix: "free space there, then run muster again; what is running is not touched",
      retry: .whenMachineIsMended, causes: causes)
  }
}
