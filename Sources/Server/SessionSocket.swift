// How a session goes from the daemon to its caller: over a socket that the caller listens at for
// this alone. Both ends ask the kernel who is there.

package import CLinux
import ChildProcesses
import FormationModel
import Glibc

/// The socket of one handing over.
package final class SessionSocket: Sendable {
  /// Its abstract name.
  package let name: String
  private let listener: Int32
  private let daemon: uid_t

  /// Listens. `daemon` is the user whose process may hand over, besides root.
  package init(daemon: uid_t) throws(ControlFailure) {
    var random = SystemRandomNumberGenerator()
    name = "muster-session-\(random.next() as UInt64)-\(random.next() as UInt64)"
    self.daemon = daemon
    listener = muster_unix_listen(name, 1)
    guard listener >= 0 else { throw ControlFailure("no socket can be made for the session") }
  }

  deinit { close(listener) }

  /// Waits for what is handed over; nothing when nobody comes within `patience`.
  package func take(patience: Duration) -> [(name: String, descriptor: Int32)] {
    let deadline = Deadline(in: patience)
    while !deadline.isOver {
      var polled = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, deadline.milliseconds) > 0 else { return [] }
      let connection = muster_unix_accept(listener)
      guard connection >= 0 else { return [] }
      defer { close(connection) }
      var peer = muster_peer()
      // Anybody may know the name; strangers are sent away.
      guard muster_peer_of(connection, &peer) == 0, [0, daemon].contains(peer.user) else {
        continue
      }
      return Self.received(over: connection)
    }
    return []
  }

  private static func received(
    over connection: Int32
  ) -> [(name: String, descriptor: Int32)] {
    let (bytes, descriptors) = Descriptors.received(over: connection)
    let names = String(decoding: bytes, as: UTF8.self).split(separator: " ").map(String.init)
    guard names.count == descriptors.count else {
      for descriptor in descriptors { close(descriptor) }
      return []
    }
    return Array(zip(names, descriptors)).map { ($0, $1) }
  }

  /// Hands descriptors to the caller that listens at the name; they stay open here. Throws when
  /// somebody else listens there, or nobody.
  static func hand(
    _ descriptors: [(name: String, descriptor: Int32)], to name: String, of caller: Caller
  ) throws {
    let connection = muster_unix_connect(name, 1, 0)
    guard connection >= 0 else { throw ControlFailure("the caller takes no session") }
    defer { close(connection) }
    var peer = muster_peer()
    guard muster_peer_of(connection, &peer) == 0, peer.process == caller.process,
      peer.user == caller.user
    else { throw ControlFailure("somebody else would take the session") }
    do {
      try Descriptors.send(
        descriptors.map(\.descriptor),
        with: Array(descriptors.map(\.name).joined(separator: " ").utf8), over: connection)
    } catch {
      throw ControlFailure(error.message)
    }
  }
}
