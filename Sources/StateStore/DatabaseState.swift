// How the database's files lie at one moment, and which of their states last an instant only. For
// readers that take no part in SQLite's locks.

import FormationModel
import GRDB
import Glibc

/// What tells that a database was written.
struct DatabaseState: Equatable {
  private let size: Int64
  private let inode: UInt64
  private let changed: Int
  /// Whether there is a log with something in it.
  let hasLog: Bool
  /// Whether the log has its index.
  let hasIndex: Bool
  /// Whether it was written so lately that another write may bear the same time.
  let isFresh: Bool

  /// Whether there is a database.
  var exists: Bool { inode != 0 }

  init(_ path: String) throws(SystemFailure) {
    let main = try Self.status(path)
    size = Int64(main?.st_size ?? 0)
    inode = UInt64(main?.st_ino ?? 0)
    changed = main.map { Self.nanoseconds($0.st_mtim) } ?? 0
    hasLog = try Self.status("\(path)-wal").map { $0.st_size > 0 } ?? false
    hasIndex = try Self.status("\(path)-shm") != nil
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    // File systems stamp by the kernel's tick, of 10 ms at most.
    isFresh = (0..<20_000_000).contains(Self.nanoseconds(now) &- changed)
  }

  static func == (left: DatabaseState, right: DatabaseState) -> Bool {
    (left.size, left.inode, left.changed) == (right.size, right.inode, right.changed)
      && (left.hasLog, left.hasIndex) == (right.hasLog, right.hasIndex)
  }

  private static func nanoseconds(_ time: timespec) -> Int {
    time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
  }

  private static func status(_ path: String) throws(SystemFailure) -> stat? {
    var status = stat()
    if stat(path, &status) == 0 { return status }
    if errno == ENOENT { return nil }
    throw SystemFailure("read", path)
  }
}

/// What a database is for an instant while a writer comes or goes; for longer, it is damage.
enum Passing: Error {
  /// It has no tables yet.
  case empty
  /// It has a log and no index of it, or one that must be made anew.
  case unfinished
  /// It is written all the time.
  case busy

  /// Whether the error may be over in a moment.
  static func isPassing(_ error: any Error) -> Bool {
    if error is Passing { return true }
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_READONLY?, .SQLITE_CANTOPEN?, .SQLITE_BUSY?, .SQLITE_PROTOCOL?: return true
    default: return false
    }
  }

  /// What the error means when it did not pass.
  static func settled(_ error: any Error, _ path: String) -> any Error {
    switch error {
    case Passing.empty: StoreFailure.corrupt(path, "it is empty")
    case Passing.unfinished: StoreFailure.unfinished(path)
    case Passing.busy: DatabaseError(resultCode: .SQLITE_BUSY)
    // The log's index must be made anew, which a reader cannot.
    case let error as DatabaseError where error.resultCode == .SQLITE_READONLY:
      StoreFailure.unfinished(path)
    default: error
    }
  }
}
