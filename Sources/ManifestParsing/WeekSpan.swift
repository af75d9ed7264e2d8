// Spans of the week and time zones as manifests write them: `Mon-Fri 08:00-20:00`. When they are is
// for whoever has a clock.

import FormationModel

/// A span of the week.
enum WeekSpan {
  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// Whether the text is `HH:MM-HH:MM`, `DAYS HH:MM-HH:MM` or `DAY HH:MM - DAY HH:MM`.
  static func isValid(_ text: String) -> Bool { stretches(text) != nil }

  /// The span day by day; nil when the text is none.
  static func stretches(_ text: String) -> [WeekStretch]? {
    let words = text.split(separator: " ")
    switch words.count {
    case 1: return stretches(Array(days.indices), words[0])
    case 2: return dayNumbers(words[0]).flatMap { stretches($0, words[1]) }
    case 5:
      guard let first = day(words[0]), let from = minute(words[1]), words[2] == "-",
        let last = day(words[3]), let to = minute(words[4])
      else { return nil }
      let days = (last - first + 7) % 7
      // It ends before it begins: a week later, then.
      let isWhole = days == 0 && to <= from
      return [WeekStretch(day: first, from: from, days: isWhole ? 7 : days, to: to)]
    default: return nil
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

  private static func minute(_ text: Substring) -> Int? {
    guard isClock(text), let hour = Int(text.prefix(2)), let minute = Int(text.suffix(2)) else {
      return nil
    }
    return hour * 60 + minute
  }

  /// The same hours on each of the days; hours that end before they begin go on into the next day.
  private static func stretches(_ days: [Int], _ text: Substring) -> [WeekStretch]? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let from = minute(ends[0]), let to = minute(ends[1]),
      from % 1440 != to % 1440 || from < to
    else { return nil }
    return days.map { WeekStretch(day: $0, from: from, days: to <= from ? 1 : 0, to: to) }
  }

  private static func day(_ text: Substring) -> Int? { days.firstIndex(of: text.lowercased()) }

  /// `Mon`, `Mon-Fri` or `Mon,Wed,Fri`.
  private static func dayNumbers(_ text: Substring) -> [Int]? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2 {
      guard let first = day(ends[0]), let last = day(ends[1]) else { return nil }
      return (0...(last - first + 7) % 7).map { (first + $0) % 7 }.sorted()
    }
    let listed = text.split(separator: ",", omittingEmptySubsequences: false).map { day($0) }
    let known = listed.compactMap { $0 }
    return known.count == listed.count ? Set(known).sorted() : nil
  }
}

/// A time zone's name.
enum ZoneName {
  static let known: Set<String> = {
    var names: Set<String> = ["UTC"]
    var area = Substring()
    for word in ZoneNames.text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if word.last == ":" { area = word.dropLast() } else { names.insert("\(area)/\(word)") }
    }
    return names
  }()

  /// Whether the text names a zone of the IANA database, `Area/City`, or is UTC.
  static func isValid(_ text: String) -> Bool { known.contains(text) }

  /// What was meant: another spelling, or a city without its area; nil when nobody can tell.
  static func likely(_ text: String) -> String? {
    let wanted = text.lowercased()
    let all = known.sorted()
    return all.first { $0.lowercased() == wanted }
      ?? all.first { $0.lowercased().hasSuffix("/" + wanted) }
      ?? Suggestion.nearest(to: text, among: all.filter { $0.first == text.first })
  }
}
