// A hold on one process that survives the reuse of its id: signals reach it or nobody.

import CLinux
import ChildProcesses
import FormationModel
import Glibc

/// An open pidfd.
final class ProcessHandle {
  private let descriptor: Int32

  /// Opens it; nil when the process is gone or `proof`, asked after opening, says it is another
  /// one.
  init?(_ pid: pid_t, proof: () -> Bool) {
    descriptor = muster_pidfd_open(pid)
    guard descriptor >= 0 else { return nil }
    if !proof() { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Sends a signal; a process that is gone takes none.
  func signal(_ number: Int32) { _ = muster_pidfd_send_signal(descriptor, number) }

  /// Waits for its end; false when the deadline passes before.
  func waitForEnd(until deadline: Deadline) -> Bool {
    while true {
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&polled, 1, deadline.milliseconds)
      if ready > 0 { return true }
      if ready == 0 { return false }
      if errno != EINTR { return true }
    }
  }
}
