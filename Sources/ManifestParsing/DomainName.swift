// Names of hosts as manifests list them: lower-case LDH labels, a wildcard only at the front.

import FormationModel

/// A domain of an app.
enum DomainName {
  /// What is wrong with a domain.
  struct Problem {
    let message: String
    let fix: String?
  }

  /// What is wrong with the text; nil when it is a domain.
  static func problem(in text: String) -> Problem? {
    if text.contains("://") || text.contains("/") {
      return Problem(message: "is an address", fix: "write the host alone: `shop.example.com`")
    }
    if text.contains(":") {
      return Problem(message: "has a port", fix: "write the host alone; ports are never declared")
    }
    if !text.utf8.allSatisfy({ $0 < 0x80 }) {
      return Problem(
        message: "has letters beyond ASCII", fix: "write it in its ASCII form, `xn--…`")
    }
    if text.contains(where: \.isUppercase) {
      return Problem(message: "has upper-case letters", fix: "write `\(text.lowercased())`")
    }
    if text.hasSuffix(".") {
      return Problem(message: "ends with a dot", fix: "write `\(text.dropLast())`")
    }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    let plain = labels.first == "*" ? labels.dropFirst() : labels[...]
    if plain.contains(where: { $0.contains("*") }) {
      return Problem(
        message: "has a wildcard that is not its whole first label", fix: "write `*.example.com`")
    }
    guard labels.count >= 2, text.utf8.count <= 253, plain.allSatisfy(isLabel) else {
      return Problem(message: "is not a host name", fix: nil)
    }
    if plain.last?.utf8.allSatisfy(\.isDigit) == true {
      return Problem(message: "is an IP address, not a name", fix: nil)
    }
    return nil
  }

  private static func isLabel(_ label: Substring) -> Bool {
    let bytes = Array(label.utf8)
    guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"),
      bytes.last != UInt8(ascii: "-")
    else { return false }
    return bytes.allSatisfy { $0.isLowerLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
  }
}
