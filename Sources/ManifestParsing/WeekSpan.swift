// Spans of the week and time zones as manifests write them: `Mon-Fri 08:00-20:00`. Syntax only.

import FormationModel

/// A span of the week.
enum WeekSpan {
  private static let days: Set<String> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// Whether the text is `HH:MM-HH:MM`, `DAYS HH:MM-HH:MM` or `DAY HH:MM - DAY HH:MM`.
  static func isValid(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    switch words.count {
    case 1: return isClockSpan(words[0])
    case 2: return isDays(words[0]) && isClockSpan(words[1])
    case 5:
      return isDay(words[0]) && isClock(words[1]) && words[2] == "-" && isDay(words[3])
        && isClock(words[4])
    default: return false
    }
  }

  /// Whether the text is a time of day, 00:00 to 24:00.
  static func isClock(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(\.isDigit) }),
      let hour = Int(parts[0]), let minute = Int(parts[1])
    else { return false }
    return (hour < 24 && minute < 60) || (hour == 24 && minute == 0)
  }

  private static func isClockSpan(_ text: Substring) -> Bool {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    return ends.count == 2 && ends.allSatisfy { isClock($0) } && ends[0] != ends[1]
  }

  private static func isDay(_ text: Substring) -> Bool { days.contains(text.lowercased()) }

  /// `Mon`, `Mon-Fri` or `Mon,Wed,Fri`.
  private static func isDays(_ text: Substring) -> Bool {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2 { return ends.allSatisfy(isDay) }
    return text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy(isDay)
  }
}

/// A time zone's name.
enum ZoneName {
  /// Whether the text has the form of a zone of the IANA database, `Area/City`, or is UTC.
  static func isValid(_ text: String) -> Bool {
    if text == "UTC" || text == "Etc/UTC" { return true }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count) else { return false }
    return parts.allSatisfy { part in
      guard let first = part.utf8.first, first.isLetter, !first.isLowerLetter else { return false }
      return part.utf8.allSatisfy {
        $0.isLetter || $0.isDigit
          || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+")].contains($0)
      }
    }
  }
}
