// Sessions: a person's terminal, or a program's streams, connected to a process in a dyno. What is
// connected are descriptors of the kernel: handed to whoever asked, they need nobody in between,
// and when their holder is gone the kernel says so.

package import FormationModel
import Glibc
import Synchronization

/// A runtime that can connect a dyno to whoever asks for it. Optional: a runtime without real
/// processes has nothing to connect.
package protocol SessionHolding: Sendable {
  /// Connects to the session of an instance that is about to start in that slot; its start waits
  /// until this is done. Waits for the instance for `patience` at most.
  func attach(
    _ slot: SlotID, size: TerminalSize?, patience: Duration
  ) async throws(EffectFailure) -> SessionEnds

  /// Starts a command in a running instance, with the instance's own environment and these
  /// variables beside it. It ends with its session.
  func execute(
    _ command: String, in id: InstanceID, environment: [ConfigKey: ConfigValue],
    form: SessionForm, size: TerminalSize?
  ) async throws(EffectFailure) -> RunningCommand
}

/// A command that was started in a running instance.
package struct RunningCommand: Sendable {
  /// The near ends of its session.
  package let ends: SessionEnds
  /// Its exit code once it has ended, 128 + n for signal n.
  package let exits: AsyncStream<Int>

  /// Gathers both.
  package init(ends: SessionEnds, exits: AsyncStream<Int>) {
    self.ends = ends
    self.exits = exits
  }
}

/// Rows and columns of a terminal.
package struct TerminalSize: Hashable, Codable, Sendable {
  /// Lines.
  package let rows: UInt16
  /// Characters of a line.
  package let columns: UInt16

  /// Makes a size.
  package init(rows: UInt16, columns: UInt16) {
    self.rows = rows
    self.columns = columns
  }
}

/// The near ends of a session, open until they are closed, or this value is gone.
package final class SessionEnds: Sendable {
  /// What an end is for.
  package enum Role: String, Codable, Sendable, CaseIterable {
    /// Packets to and from a monitor: input as it is; output behind a byte that says which.
    case packets
    /// The controlling side of a terminal.
    case terminal
    /// Where input is written.
    case input
    /// Where output is read.
    case output
    /// Where errors are read.
    case errors
    /// Where `ROWS COLUMNS` is written when the size of the terminal behind the packets changes.
    case resize
    /// Says, as long as it is open, that somebody holds the session.
    case hold
  }

  private let descriptors: Mutex<[Role: Int32]>

  /// Takes descriptors over.
  package init(_ descriptors: [Role: Int32]) { self.descriptors = Mutex(descriptors) }

  deinit { close() }

  /// Closes all ends: whoever else has none lets go of the session by that.
  package func close() { for role in roles { close(role) } }

  /// The descriptor of an end; nil when the session has none such. Valid until that end is closed.
  package subscript(_ role: Role) -> Int32? { descriptors.withLock { $0[role] } }

  /// The ends that there are.
  package var roles: [Role] {
    descriptors.withLock { open in Role.allCases.filter { open[$0] != nil } }
  }

  /// Closes one end before the others.
  package func close(_ role: Role) {
    if let descriptor = descriptors.withLock({ $0.removeValue(forKey: role) }) {
      Glibc.close(descriptor)
    }
  }
}
