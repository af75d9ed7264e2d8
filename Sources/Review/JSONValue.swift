// JSON that comes out the same every time: keys in the order written here, never by hash or locale.

import FormationModel

/// A JSON value whose object keys keep their order.
package enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// A number of thousandths, written as a decimal number: 1500 is `1.5`.
  case thousandths(Int)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A key with its value.
  package struct Member: Hashable, Sendable {
    /// The key.
    package let key: String
    /// The value.
    package let value: JSONValue

    /// Makes a member.
    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The document as lines of text, two spaces per level, with a line end at its end.
  package var document: String {
    var text = ""
    write(to: &text, indent: "\n")
    return text + "\n"
  }

  /// The document on one line, for streams of events.
  package var line: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  private func write(to text: inout String, indent: String?) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .thousandths(let value): text += DecimalText.of(thousandths: value)
    case .string(let value): Self.quote(value, to: &text)
    case .array(let values):
      Self.write(values, "[", "]", to: &text, indent: indent) { value, text, deeper in
        value.write(to: &text, indent: deeper)
      }
    case .object(let members):
      Self.write(members, "{", "}", to: &text, indent: indent) { member, text, deeper in
        Self.quote(member.key, to: &text)
        text += indent == nil ? ":" : ": "
        member.value.write(to: &text, indent: deeper)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: String?,
    each: (Element, inout String, String?) -> Void
  ) {
    guard !elements.isEmpty else {
      text += open + close
      return
    }
    let deeper = indent.map { $0 + "  " }
    text += open
    for (index, element) in elements.enumerated() {
      text += index > 0 ? "," : ""
      text += deeper ?? ""
      each(element, &text, deeper)
    }
    text += (indent ?? "") + close
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        let hexadecimal = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  /// Keeps the keys in the order written.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}

extension JSONValue: ExpressibleByArrayLiteral {
  /// Makes an array.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByStringLiteral {
  /// Text.
  package init(stringLiteral text: String) { self = .string(text) }
}

extension JSONValue {
  /// Text, or null.
  package static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
  /// A number, or null.
  package static func optional(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }
  /// Bytes.
  static func bytes(_ count: Int64) -> JSONValue { .integer(Int(count)) }
  /// Seconds, to the millisecond; null for nil.
  static func seconds(_ span: Duration?) -> JSONValue {
    span.map { .thousandths(Int($0.inMilliseconds)) } ?? .null
  }
  /// A share or a percentage, to the thousandth; null for nil, and for what is no number.
  static func decimal(_ value: Double?) -> JSONValue {
    guard let value, value.isFinite, abs(value) < 1e12 else { return .null }
    return .thousandths(Int((value * 1000).rounded()))
  }
  /// A number.
  static func number(_ value: Int) -> JSONValue { .integer(value) }
}
