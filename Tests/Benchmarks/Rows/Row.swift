// One row of the table: what was measured, against what, and whether the goal is met.

/// A finished measurement.
struct Row {
  /// What it is judged by.
  enum Goal {
    /// At most this many times the baseline.
    case ratio(Double)
    /// At most this long.
    case time(Duration)
    /// Nothing: it is shown for comparison.
    case none
  }

  /// Its name.
  let name: String
  /// What it is about, for the reader.
  let words: String
  /// Ours: the median.
  let ours: Duration
  /// The baseline's median; nil where there is none.
  var baseline: Duration?
  /// What the ratio is with certainty, where that is judged; nil: the ratio itself.
  var bound: Double?
  /// What it is judged by.
  let goal: Goal
  /// Why no verdict can be given.
  var doubts: [String] = []

  /// Ours over the baseline's.
  var ratio: Double? { baseline.map { ours / $0 } }

  /// Whether the goal is reached; nil where there is none.
  var isMet: Bool? {
    switch goal {
    case .ratio(let limit): (bound ?? ratio ?? .infinity) <= limit
    case .time(let limit): ours <= limit
    case .none: nil
    }
  }

  /// Name, ours, baseline, ratio, goal, met or missed; `busy` beside a verdict that is in doubt.
  func line(marked isBusy: Bool) -> String {
    let verdict = isMet.map { ($0 ? "met" : "missed") + (isBusy ? ", busy" : "") } ?? "-"
    let cells = [
      name, ours.milliseconds, baseline?.milliseconds ?? "-",
      ratio.map { "\($0.twoDigits)x" } ?? "-", goal.text, verdict,
    ]
    return Self.aligned(cells) + words
  }

  /// The heads of the columns.
  static let heading = aligned(["row", "ours", "baseline", "ratio", "goal", ""])

  private static func aligned(_ cells: [String]) -> String {
    zip(cells, [17, 12, 12, 8, 10, 14]).map { $0.padded(to: $1) }.joined()
  }
}

extension Row.Goal {
  fileprivate var text: String {
    switch self {
    case .ratio(let limit): "\(limit.twoDigits)x"
    case .time(let limit): limit.milliseconds
    case .none: "-"
    }
  }
}

extension Duration {
  /// `12.34 ms`.
  var milliseconds: String {
    self < .milliseconds(1)
      ? "\((self / .microseconds(1)).twoDigits) µs" : "\((self / .milliseconds(1)).twoDigits) ms"
  }
}

extension Double {
  /// With two digits after the point.
  var twoDigits: String {
    let hundredths = Int((self * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
  }
}

extension String {
  /// With spaces up to a width, and one at least.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(1, width - count))
  }
}
