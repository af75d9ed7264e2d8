// What the request log says when the machine does not let it.

import FormationModel
import Glibc

extension EffectFailure {
  /// What the last system call failed with, about the router's log.
  static func requestLog(_ what: String) -> EffectFailure {
    let reason = String(cString: strerror(errno))
    return EffectFailure(
      "request-log", "\(what): \(reason)", retry: .whenMachineIsMended)
  }
}

/// The time of day.
enum RequestClock {
  /// Now.
  static var now: LoopTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return LoopTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
