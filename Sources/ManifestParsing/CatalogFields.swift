// The fields of one catalog entry, typed. A field that is missing and one that is wrong are told
// apart: the first may have a default.

import FormationModel
import YAMLReading

/// The fields of one entry.
struct CatalogFields {
  /// What the entry is called in problems.
  private let subject: String
  private let mark: TextMark
  private let pairs: [YAMLPair]

  /// Returns nil, with a problem, when the node is no mapping. Unknown keys are problems.
  init?(_ node: YAMLNode, of subject: String, keys: [String], _ report: inout CatalogReport) {
    guard case .mapping(let pairs) = node.content else {
      report.error("wrong-type", at: node.mark, "\(subject) must be a mapping")
      return nil
    }
    for pair in pairs where !keys.contains(pair.key) && !pair.key.hasPrefix("x-") {
      report.error(
        "unknown-key", at: pair.keyMark, "\(subject) has no field `\(pair.key)`",
        fix: "its fields are " + keys.joined(separator: ", "))
    }
    self.subject = subject
    mark = node.mark
    self.pairs = pairs
  }

  /// A field's node; nil when it is not written.
  subscript(_ key: String) -> YAMLNode? { pairs.first { $0.key == key }?.value }

  /// A field's value; nil when it is not written or wrong. Records what is wrong.
  func value<Value>(
    _ key: String, expected: String, _ report: inout CatalogReport,
    _ read: (YAMLScalar) -> Value?
  ) -> Value? {
    guard let node = self[key] else { return nil }
    if case .scalar(let scalar) = node.content, let value = read(scalar) { return value }
    report.error("wrong-type", at: node.mark, "`\(key)` of \(subject) must be \(expected)")
    return nil
  }

  /// A field that has to be there.
  func required<Value>(
    _ key: String, expected: String, _ report: inout CatalogReport,
    _ read: (YAMLScalar) -> Value?
  ) -> Value? {
    if self[key] == nil {
      report.error(
        "missing-key", at: mark, "\(subject) lacks `\(key)`",
        fix: "write `\(key):` with \(expected)")
    }
    return value(key, expected: expected, &report, read)
  }

  /// A list's items; empty when it is not written. Records when it is no list.
  func items(_ key: String, _ report: inout CatalogReport) -> [YAMLNode] {
    guard let node = self[key] else { return [] }
    guard case .sequence(let items) = node.content else {
      report.error("wrong-type", at: node.mark, "`\(key)` of \(subject) must be a list")
      return []
    }
    return items
  }

  /// Records that the entry as a whole does not hold together.
  func error(_ code: String, _ message: String, fix: String? = nil, _ report: inout CatalogReport) {
    report.error(code, at: mark, "\(subject) \(message)", fix: fix)
  }

  /// Records a wrong entry of a list.
  func error(at node: YAMLNode, _ message: String, _ report: inout CatalogReport) {
    report.error("wrong-type", at: node.mark, "\(subject): \(message)")
  }
}

/// What scalars of a catalog say.
enum CatalogScalar {
  /// Text that is not empty; a name may look like a number.
  static func text(_ scalar: YAMLScalar) -> String? {
    scalar.isNull || scalar.text.isEmpty ? nil : scalar.text
  }

  /// `true` or `false`.
  static func boolean(_ scalar: YAMLScalar) -> Bool? {
    scalar.isQuoted ? nil : scalar.text == "true" ? true : scalar.text == "false" ? false : nil
  }

  /// A whole number from 1 to 10 million, in decimal.
  static func count(_ scalar: YAMLScalar) -> Int? {
    guard !scalar.isQuoted, scalar.text.utf8.allSatisfy(\.isDigit), let number = Int(scalar.text),
      (1...10_000_000).contains(number)
    else { return nil }
    return number
  }

  /// Dollars with up to two decimals, in cents; up to a million dollars.
  static func cents(_ scalar: YAMLScalar) -> Int? {
    scalar.isQuoted ? nil : decimal(scalar.text, places: 2, most: 1_000_000).map { Int($0) }
  }

  /// `512MB`, `2.5GB`, `64MiB` in bytes: Heroku counts 1 MB as 1024 × 1024 bytes, so MB and MiB are
  /// the same here. Up to 100 TB.
  static func bytes(_ scalar: YAMLScalar) -> Int64? {
    let units: [(names: [String], size: Int64)] = [
      (["kB", "KB", "KiB"], 1 << 10), (["MB", "MiB"], 1 << 20), (["GB", "GiB"], 1 << 30),
      (["TB", "TiB"], 1 << 40),
    ]
    for unit in units {
      guard let name = unit.names.first(where: { scalar.text.hasSuffix($0) }) else { continue }
      let number = scalar.text.dropLast(name.count).drop { $0 == " " }
      let digits = number.last == " " ? number.dropLast() : number
      guard let hundredths = decimal(String(digits), places: 2, most: 100 << 10) else { return nil }
      let bytes = hundredths * unit.size / 100
      return bytes > 0 && bytes <= 100 << 40 ? bytes : nil
    }
    return nil
  }

  /// A decimal number in units of its last allowed place; nil for anything else.
  private static func decimal(_ text: String, places: Int, most: Int64) -> Int64? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty, parts.count == 1 || !parts[1].isEmpty,
      parts.allSatisfy({ $0.utf8.count <= 9 && $0.utf8.allSatisfy(\.isDigit) }),
      let whole = Int64(first), whole <= most
    else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard fraction.count <= places else { return nil }
    let padded = fraction + String(repeating: "0", count: places - fraction.count)
    return Int64(first + padded)
  }
}
