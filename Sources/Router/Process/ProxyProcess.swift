// A running HAProxy that is ours: proven by its arguments, held by a pidfd, so that signals reach
// it or nobody.

import CLinux
import Dispatch
import FormationModel
import Glibc

/// One process, of one load.
final class ProxyProcess: Sendable {
  let pid: pid_t
  let generation: Generation
  private let descriptor: Int32

  /// The process that the generation's pid file names; nil when it is gone, or another one has its
  /// id: only ours names the generation's configuration.
  init?(_ generation: Generation) {
    guard let text = RouterFiles.text(generation.pid, limit: 64),
      let pid = pid_t(text.filter { !$0.isWhitespace }), pid > 0
    else { return nil }
    self.pid = pid
    self.generation = generation
    descriptor = muster_pidfd_open(pid)
    let arguments = RouterFiles.text("/proc/\(pid)/cmdline")?.split(separator: "\0") ?? []
    guard descriptor >= 0, arguments.contains(Substring(generation.configuration)), !hasEnded
    else { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether it is gone, whoever reaps it.
  var hasEnded: Bool { waitForEnd(within: .zero) }

  /// Waits for its end; false when it still runs after the span.
  func waitForEnd(within span: Duration) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, Int32(clamping: span.inMilliseconds)) > 0
  }

  /// Whether it tells of requests through another pipe than the one with this path: that one is
  /// newer.
  func tells(another path: String) -> Bool {
    var (own, named) = (stat(), stat())
    guard lstat(path, &named) == 0, named.st_mode & S_IFMT == S_IFIFO,
      stat("/proc/\(pid)/fd/3", &own) == 0
    else { return false }
    return own.st_ino != named.st_ino || own.st_dev != named.st_dev
  }

  /// Sends a signal; a process that is gone takes none.
  func signal(_ number: Int32) { _ = muster_pidfd_send_signal(descriptor, number) }

  /// Ends it, whatever it still has.
  func end() {
    signal(SIGTERM)
    if !waitForEnd(within: .seconds(5)) { kill() }
  }

  /// Ends it at once.
  func kill() {
    signal(SIGKILL)
    _ = waitForEnd(within: .seconds(5))
  }

  /// Calls the handler, once, when it ends.
  func whenEnded(on queue: DispatchQueue, _ handler: @escaping @Sendable () -> Void) {
    // The watch outlives this hold on the process, so it has a descriptor of its own.
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return }
    let source = DispatchSource.makeReadSource(fileDescriptor: copy, queue: queue)
    source.setEventHandler {
      source.cancel()
      handler()
    }
    source.setCancelHandler { close(copy) }
    source.activate()
  }
}
