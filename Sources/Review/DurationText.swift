// Spans of time and ages, in words.

import FormationModel

/// Words for spans of time.
package enum DurationText {
  /// `3m 40s`: the two largest units that count, rounded to the nearest second; under ten seconds
  /// one decimal (`0.4s`). Negative spans count as none: a clock went back.
  package static func span(_ duration: Duration) -> String {
    let milliseconds = max(0, duration.inMilliseconds)
    if milliseconds < 10_000 {
      let tenths = (milliseconds + 50) / 100
      return tenths % 10 == 0 ? "\(tenths / 10)s" : "\(tenths / 10).\(tenths % 10)s"
    }
    let seconds = milliseconds / 1000 + (milliseconds % 1000 >= 500 ? 1 : 0)
    let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
    let first = units.firstIndex { seconds >= $0.0 } ?? 3
    var rest = seconds
    let parts = units[first...].prefix(2).map { unit in
      let count = rest / unit.0
      rest %= unit.0
      return (count, unit.1)
    }
    return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
  }

  /// Heroku's age: `~ 12s ago`, `~ 5m ago`, `~ 3h ago` up to 25 hours; nil beyond.
  package static func age(_ duration: Duration) -> String? {
    let seconds = max(0, duration.inMilliseconds) / 1000
    return switch seconds {
    case ..<60: "~ \(seconds)s ago"
    case ..<3_600: "~ \(seconds / 60)m ago"
    case ..<90_000: "~ \(seconds / 3_600)h ago"
    default: nil
    }
  }

  /// `1st`, `2nd`, `3rd`, `7th`, `11th`.
  static func ordinal(_ number: Int) -> String {
    let ending =
      switch (number % 10, number % 100) {
      case (_, 11...13): "th"
      case (1, _): "st"
      case (2, _): "nd"
      case (3, _): "rd"
      default: "th"
      }
    return "\(number)\(ending)"
  }
}
