// Exit codes as conmon leaves them: one file for each container, written when it has ended.

import FormationModel
import Glibc

/// The exit files of one boot.
struct ExitFiles: Sendable {
  let folder: String

  /// A container's exit code and when it was written; nil when it has not ended, or nobody saw it.
  func read(_ container: String) -> (code: Int, at: LoopTime)? {
    let path = "\(folder)/\(container)"
    guard let text = Files.text(path), let code = Int(text.filter { !$0.isWhitespace }),
      let status = Files.status(path)
    else { return nil }
    return (code, LoopTime(status.st_mtim))
  }
}
