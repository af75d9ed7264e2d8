// libgit2's start, its options and its errors. The only file that knows its error codes.

import CLibGit2
import Effects

/// libgit2 as a library: started once for the process.
enum LibGit2 {
  /// Starts libgit2 on first use. Negative when it could not start.
  static let started: Int32 = {
    let code = git_libgit2_init()
    guard code >= 0 else { return code }
    _ = muster_git_allow_any_owner()
    _ = muster_git_verify_hashes()
    _ = muster_git_set_cache_bytes(64 << 20)
    _ = muster_git_set_open_packs(128)
    // The machine's and the users' own settings must not change what Muster reads.
    for level in [
      GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
      GIT_CONFIG_LEVEL_PROGRAMDATA,
    ] {
      _ = muster_git_set_search_path(level, "")
    }
    return code
  }()
}

/// What libgit2 said when it failed.
struct LibGit2Failure: Error {
  /// Its code, negative.
  let code: Int32
  /// Its words.
  let message: String

  /// Takes the words of the call that just failed on this thread.
  init(_ code: Int32) {
    self.code = code
    message =
      git_error_last().flatMap { $0.pointee.message.map { String(cString: $0).printable } }
      ?? "libgit2 error \(code)"
  }

  /// What lies behind a problem, for `-v`.
  var causes: [String] { ["libgit2 said: \(message)"] }

  /// Whether what was asked for is not there.
  var isMissing: Bool { code == GIT_ENOTFOUND.rawValue }

  /// The failure as a problem with the repository's content. `what` is the subject: `commit
  /// 4e8d2a7`.
  func reading(_ what: String) -> SourceProblem {
    SourceProblem(
      .corrupt,
      isMissing
        ? "\(what) is missing from the repository" : "\(what) cannot be read: \(message)",
      fix: "`git fsck` tells more; a fresh clone, or fetching again, usually repairs it",
      causes: causes)
  }
}

/// Something that libgit2 allocated, freed exactly once.
struct Owned: ~Copyable {
  /// What is owned.
  let pointer: OpaquePointer
  private let free: (OpaquePointer?) -> Void

  /// Makes the thing; throws libgit2's failure.
  init(
    freeing free: @escaping (OpaquePointer?) -> Void,
    _ make: (inout OpaquePointer?) -> Int32
  ) throws(LibGit2Failure) {
    var made: OpaquePointer?
    let code = make(&made)
    guard code >= 0, let pointer = made else { throw LibGit2Failure(code) }
    self.pointer = pointer
    self.free = free
  }

  deinit { free(pointer) }
}

/// Throws the failure behind a negative code.
@discardableResult
func succeed(_ code: Int32) throws(LibGit2Failure) -> Int32 {
  guard code >= 0 else { throw LibGit2Failure(code) }
  return code
}
