// One row of the table: what was measured, against what, and whether the goal is met.

/// A finished measurement.
struct Row {
  /// What it is judged by.
  enum Goal {
    /// At most this many times the baseline.
    case ratio(Double)
    /// At most this long.
    case time(Duration)
  }

  /// Its name, as `./dev bench` takes it.
  let name: String
  /// What it is about, for the reader.
  let words: String
  /// Ours: the median.
  let ours: Duration
  /// The baseline's median; nil where there is none.
  let baseline: Duration?
  /// What it is judged by.
  let goal: Goal

  /// Ours over the baseline's.
  var ratio: Double? { baseline.map { ours / $0 } }

  /// Whether the goal is reached.
  var isMet: Bool {
    switch goal {
    case .ratio(let limit): (ratio ?? .infinity) <= limit
    case .time(let limit): ours <= limit
    }
  }

  /// Name, ours, baseline, ratio, goal, met or missed.
  var line: String {
    let goalText =
      switch goal {
      case .ratio(let limit): "\(limit.oneDigit)x"
      case .time(let limit): limit.milliseconds
      }
    let cells = [
      (name, 14), (ours.milliseconds, 11), (baseline?.milliseconds ?? "-", 11),
      (ratio.map { "\($0.oneDigit)x" } ?? "-", 7), (goalText, 11), (isMet ? "met" : "missed", 7),
    ]
    return cells.map { $0.0.padded(to: $0.1) }.joined() + words
  }

  /// The heads of the columns.
  static let heading =
    [("row", 14), ("ours", 11), ("baseline", 11), ("ratio", 7), ("goal", 11), ("", 7)]
    .map { $0.0.padded(to: $0.1) }.joined()
}

extension Duration {
  /// `12.3 ms`.
  var milliseconds: String { "\((self / .milliseconds(1)).oneDigit) ms" }
}

extension Double {
  /// With one digit after the point.
  var oneDigit: String {
    let tenths = Int((self * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension String {
  /// With spaces up to a width, and one at least.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(1, width - count))
  }
}
