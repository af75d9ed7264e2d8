// Which cores a dyno has for itself. A pure table: who is due how many, who has which, and what the
// machine has; out comes who gets which.

import FormationModel

/// A dyno whose type has cores of its own.
struct CoreClaim: Hashable, Sendable {
  /// The dyno.
  let id: InstanceID
  /// How many cores its type has.
  let due: Int
  /// Those that it has, sorted.
  let held: [Int]
}

/// The cores of a machine, divided.
struct CoreShares: Hashable, Sendable {
  /// The cores that each dyno has for itself, sorted; none for one that shares.
  let own: [InstanceID: [Int]]
  /// The cores of everybody else; never empty.
  let shared: [Int]

  /// Divides the cores. Whoever has what it is due keeps that; then each that has none gets what it
  /// is due, the lowest id first, from the highest core down, where there are as many: half of them
  /// would only keep it from the others'. The first core is never anybody's own: the other dynos
  /// and the machine itself are to run, too.
  init(of cores: [Int], among claims: [CoreClaim]) {
    var free = Array(cores.sorted().dropFirst())
    var own: [InstanceID: [Int]] = [:]
    let claims = claims.sorted { $0.id < $1.id }
    for claim in claims {
      let kept = claim.held.filter(free.contains)
      own[claim.id] = kept.count == claim.due ? kept : []
      if kept.count == claim.due { free.removeAll(where: kept.contains) }
    }
    for claim in claims where own[claim.id]?.isEmpty == true && claim.due <= free.count {
      own[claim.id] = Array(free.suffix(claim.due))
      free.removeLast(claim.due)
    }
    self.own = own
    let taken = Set(own.values.joined())
    shared = cores.sorted().filter { !taken.contains($0) }
  }

  /// The cores that a dyno runs on, sorted. One that is due its own and has none yet also runs on
  /// those of the dyno that it replaces: it is to boot no slower than that one did.
  func cores(for id: InstanceID) -> [Int] {
    if let mine = own[id], !mine.isEmpty { return mine }
    guard own[id] != nil else { return shared }
    let before = own.filter { $0.key.slot == id.slot }.values.joined()
    return (shared + before).sorted()
  }
}

/// A list of cores as the kernel writes it: `0-3,6`.
enum CoreList {
  /// The most cores that a list is read up to: no machine has more, and a line from anywhere else
  /// must not make a list without end.
  private static let most = 8192

  /// The cores, sorted; nil when it is no such list.
  static func cores(in text: String) -> [Int]? {
    var cores: Set<Int> = []
    for part in text.filter({ !$0.isWhitespace }).split(separator: ",") {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        0 <= first, first <= last, last < most
      else { return nil }
      cores.formUnion(first...last)
    }
    return cores.sorted()
  }

  /// The list of some cores.
  static func text(of cores: [Int]) -> String { cores.map(String.init).joined(separator: ",") }
}
