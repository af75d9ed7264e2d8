// The monitors that this process started. They are its children as long as it lives, so it is up to
// it that none of them stays behind as a zombie.

import ChildProcesses
import Glibc
import Synchronization

/// Children that end when their dynos do, whenever that is.
final class MonitorChildren: Sendable {
  private let running = Mutex<Set<pid_t>>([])

  /// Takes a child, whose end nobody else waits for.
  func take(_ child: Child) { running.withLock { _ = $0.insert(child.pid) } }

  /// Lets the kernel forget those that have ended: one question for each child, and no waiting.
  func reap() {
    running.withLock { running in
      // An id stays its child's until this call, so none of them can be somebody else's.
      running = running.filter { waitpid($0, nil, WNOHANG) == 0 }
    }
  }
}
