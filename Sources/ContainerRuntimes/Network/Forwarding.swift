// Whether the machine forwards IPv4 between its interfaces. Dynos need it; it is one setting of the
// whole machine, so whoever switches it on says so.

import FormationModel
import Glibc

/// `net.ipv4.ip_forward`.
struct Forwarding: Sendable {
  /// The kernel's file.
  var setting = "/proc/sys/net/ipv4/ip_forward"
  /// Says that Muster switched it on, until the machine is started again.
  var mark = ControllerPlaces.machine + "/forwarding"

  /// How it is.
  enum State {
    case off
    /// Somebody else's doing.
    case on
    /// It was off until a dyno needed it.
    case onByMuster
  }

  /// How it is now.
  var now: State {
    guard Files.text(setting)?.first != "0" else { return .off }
    return Files.exists(mark) ? .onByMuster : .on
  }

  /// Switches it on where it is off. Nothing switches it off again: whoever came later may have
  /// found it on, and rely on it.
  func ensure() throws(EffectFailure) {
    guard Files.text(setting)?.first == "0" else { return }
    // The mark first: interrupted in between, it is still off, and says so.
    try Files.makeFolder(Files.parent(of: mark))
    try Files.write([], to: mark)
    try Files.write("1\n".utf8, to: setting)
  }
}
