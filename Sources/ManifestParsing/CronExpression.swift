// Cron expressions: the classic five fields. Syntax and ranges only; nothing here knows the time.

/// A cron expression of five fields.
enum CronExpression {
  private struct Field {
    let name: String
    let range: ClosedRange<Int>
    var names: [String] = []
    var firstName = 0
  }

  private static let fields = [
    Field(name: "minute", range: 0...59),
    Field(name: "hour", range: 0...23),
    Field(name: "day of month", range: 1...31),
    Field(
      name: "month", range: 1...12,
      names: [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
      ], firstName: 1),
    Field(
      name: "day of week", range: 0...7,
      names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
  ]

  /// What is wrong with the expression, worded for people; nil when nothing is.
  static func problem(in text: String) -> String? {
    if text.hasPrefix("@") {
      return "\(quoted(text)) is a shorthand; write `every: hourly` or five fields"
    }
    let parts = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard parts.count == fields.count else {
      return "\(quoted(text)) has \(parts.count) fields; a cron expression has five "
        + "(minute, hour, day of month, month, day of week)"
    }
    for (field, part) in zip(fields, parts) {
      for item in part.split(separator: ",", omittingEmptySubsequences: false)
      where !isValid(item, field) {
        return "the \(field.name) cannot be \(quoted(String(item))) "
          + "(\(field.range.lowerBound) to \(field.range.upperBound))"
      }
    }
    return nil
  }

  /// `*`, `5`, `1-5`, each with an optional `/step`.
  private static func isValid(_ item: Substring, _ field: Field) -> Bool {
    let halves = item.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return false }
    if halves.count == 2 {
      guard let step = wholeNumber(String(halves[1])), step > 0, step <= field.range.upperBound
      else { return false }
    }
    if halves[0] == "*" { return true }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    let values = ends.map { value($0, field) }
    switch values.count {
    case 1: return values[0] != nil
    case 2:
      guard let first = values[0], let last = values[1] else { return false }
      return first <= last
    default: return false
    }
  }

  private static func value(_ text: Substring, _ field: Field) -> Int? {
    if let index = field.names.firstIndex(of: text.lowercased()) { return index + field.firstName }
    let digits = text.utf8.count == 2 && text.hasPrefix("0") ? text.dropFirst() : text
    guard let number = wholeNumber(String(digits)), field.range.contains(number) else { return nil }
    return number
  }
}
