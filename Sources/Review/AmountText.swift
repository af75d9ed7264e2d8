// Amounts for people: bytes in Heroku's units, shares, decimal numbers. No locale is asked.

import FormationModel

/// Decimal numbers with a point and no zeros at their end.
enum DecimalText {
  /// 1500 is `1.5`, -20 is `-0.02`.
  static func of(thousandths value: Int) -> String {
    let whole = value.magnitude / 1000
    var fraction = String(value.magnitude % 1000)
    fraction = String(repeating: "0", count: 3 - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    let sign = value < 0 ? "-" : ""
    return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
  }
}

/// Bytes in words.
package enum BytesText {
  /// `512 MB`, `2.5 GB`, `0 B`: powers of 1024, as Heroku counts dyno memory; one decimal, unless
  /// it is zero or there are more than two digits before it.
  package static func words(_ bytes: Int64) -> String {
    let units: [(Int64, String)] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")]
    guard let unit = units.first(where: { abs(bytes) >= $0.0 }) else { return "\(bytes) B" }
    let tenths = bytes / unit.0 * 10 + bytes % unit.0 * 10 / unit.0
    return tenths % 10 == 0 || abs(tenths) >= 1000
      ? "\(tenths / 10) \(unit.1)" : "\(tenths / 10).\(abs(tenths % 10)) \(unit.1)"
  }
}

/// Shares in words.
enum ShareText {
  /// 0.123 is `12 %`, 0.004 is `0.4 %`; `-` for nil.
  static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite, abs(share) < 1e9 else { return "-" }
    let tenths = Int((share * 1000).rounded())
    return tenths >= 100 || tenths % 10 == 0
      ? "\((tenths + 5) / 10) %" : "\(tenths / 10).\(abs(tenths % 10)) %"
  }

  /// A number that is a percentage already.
  static func percent(of value: Double) -> String { percent(value / 100) }
}
