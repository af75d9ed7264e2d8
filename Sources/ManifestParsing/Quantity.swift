// Amounts with a unit as manifests write them: durations and bytes. Pure text to value and back.

import FormationModel

/// Reads and writes amounts with a unit.
enum Quantity {
  private static let durations: [(unit: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]

  /// Heroku counts 1 MB as 1024 × 1024 bytes, as the catalog's sizes do: MB and MiB are the same.
  private static let sizes: [(unit: String, bytes: Int64)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ("kB", 1 << 10), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40),
  ]

  /// The duration that `500ms`, `60s`, `30m`, `1h` or `5d` says; nil when it says none.
  static func duration(_ text: String) -> Duration? {
    let unitLength = text.utf8.reversed().prefix(while: \.isLetter).count
    let unit = Substring(text.utf8.suffix(unitLength))
    guard let number = wholeNumber(String(text.utf8.dropLast(unitLength)) ?? ""), number >= 0,
      let milliseconds = durations.first(where: { $0.unit == unit })?.milliseconds
    else { return nil }
    return .milliseconds(Int64(number) * milliseconds)
  }

  /// The duration in its largest whole unit: `90s`, `1h`.
  static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    let fitting = durations.last { milliseconds != 0 && milliseconds % $0.milliseconds == 0 }
    guard let fitting else { return "0s" }
    return "\(milliseconds / fitting.milliseconds)\(fitting.unit)"
  }

  /// The bytes that `50MB` or `64MiB` says; nil when it says none.
  static func bytes(_ text: String) -> Int64? {
    for (unit, size) in sizes where text.hasSuffix(unit) {
      guard let number = wholeNumber(String(text.dropLast(unit.count))), number >= 0
      else { return nil }
      let (bytes, overflow) = Int64(number).multipliedReportingOverflow(by: size)
      return overflow ? nil : bytes
    }
    return nil
  }
}
