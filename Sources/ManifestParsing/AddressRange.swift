// IP address ranges as spaces trust them. Form only.

import FormationModel

/// An address range in CIDR form.
enum AddressRange {
  /// Whether the text is an IPv4 or IPv6 range such as `203.0.113.0/24`.
  static func isValid(_ text: String) -> Bool {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let bits = wholeNumber(String(halves[1])), bits >= 0 else {
      return false
    }
    if halves[0].contains(":") {
      let groups = halves[0].split(separator: ":", omittingEmptySubsequences: false)
      let isShort = halves[0].contains("::")
      return bits <= 128 && groups.count <= 8 + (isShort ? 1 : 0)
        && (isShort || groups.count == 8)
        && groups.allSatisfy { $0.utf8.count <= 4 && $0.allSatisfy(\.isHexDigit) }
    }
    let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    return bits <= 32 && parts.count == 4
      && parts.allSatisfy { wholeNumber(String($0)).map { (0...255).contains($0) } ?? false }
  }
}
