// The edge's clock: the only place of this target that asks for the time of day.

import FormationModel
import Glibc

/// The time of day.
enum WallClock {
  /// Now.
  static var now: LoopTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return LoopTime(time)
  }
}

extension LoopTime {
  /// A time as the kernel tells it.
  init(_ time: timespec) {
    self.init(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
