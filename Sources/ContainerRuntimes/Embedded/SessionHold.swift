// Whether anybody holds a session: a lock of the kernel on a file of the instance. Its descriptor
// goes with the session from process to process, and the lock ends with the last of them, however
// it ends, whether Muster runs or not.

import ChildProcesses
import FormationModel
import Glibc

/// The hold on the session of one instance.
struct SessionHold {
  /// How long a start waits for whoever asked for it.
  private static let patience = Duration.seconds(10)
  /// More than a look takes, on a machine that is busy.
  private static let glance = Duration.milliseconds(500)

  /// The file's name in the folder of the instance. That it is closed is a hint to look.
  static let name = "session"

  private let path: String

  init(_ folder: InstanceFolder) { path = "\(folder.path)/\(Self.name)" }

  /// Whether the container waits for a holder: its monitor takes connections by then.
  var isWanted: Bool { Files.exists(path) }

  /// Takes the hold; the descriptor that keeps it. Throws when another one has it.
  func take() throws(EffectFailure) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .lastError("cannot open \(path)") }
    // Whoever looks whether it is held holds it for a moment.
    let end = ContinuousClock.now + Self.glance
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EINTR || ContinuousClock.now < end else {
        close(descriptor)
        throw EffectFailure("session-held", "somebody is connected already", retry: .later)
      }
      usleep(500)
    }
    return descriptor
  }

  /// Whether somebody has it.
  var isHeld: Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Waits until somebody has it: what is started for a session must not speak before. Throws when
  /// nobody comes.
  func awaitHolder() throws(EffectFailure) {
    try Files.write([], to: path, mode: 0o600)
    let end = ContinuousClock.now + Self.patience
    while !isHeld {
      guard ContinuousClock.now < end else {
        throw EffectFailure(
          "nobody-attached", "whoever asked for it is gone", retry: .later)
      }
      usleep(2_000)
    }
  }
}
