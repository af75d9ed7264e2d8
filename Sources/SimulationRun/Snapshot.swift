// What a machine looked like at some moment.

import FormationModel

/// An observation that was right once.
struct Snapshot {
  /// When.
  let time: LoopTime
  /// What there was.
  let formation: ObservedFormation
}
