// The rules of the three kinds of URL. Not their meaning: git reads them.

extension RepositoryAddress {
  /// Checks a URL and returns it with its scheme in lower case.
  static func url(_ text: String, scheme: Substring) throws(AddressFlaw) -> String {
    let rest = text[scheme.endIndex...].dropFirst(3)
    let authority = rest.prefix { $0 != "/" }
    let path = rest[authority.endIndex...]
    if rest.contains(where: { "?#\\ ".contains($0) }) || hidesControl(rest) {
      throw refused("“\(redacted(text))” holds a character that is not taken in an address", nil)
    }
    switch scheme.lowercased() {
    case "https": try checkHTTPS(authority, text)
    case "ssh": try checkSSH(authority, text)
    case "file": try checkFile(authority, text)
    default:
      throw refused(
        "“\(redacted(text))” is not an address that Muster takes",
        "use a path, file://, https:// or ssh://")
    }
    if path.allSatisfy({ $0 == "/" }) {
      throw refused("“\(redacted(text))” names no repository on its host", nil)
    }
    return scheme.lowercased() + "://" + rest
  }

  private static func checkHTTPS(_ authority: Substring, _ text: String) throws(AddressFlaw) {
    if authority.contains("@") {
      throw refused(
        "“\(redacted(text))” holds credentials, which would show in process lists",
        "leave them out of the address and put them into ~/.netrc")
    }
    try checkHost(authority, text)
  }

  private static func checkSSH(_ authority: Substring, _ text: String) throws(AddressFlaw) {
    guard let at = authority.lastIndex(of: "@") else { return try checkHost(authority, text) }
    let user = authority[..<at]
    if user.contains(":") {
      throw refused(
        "“\(redacted(text))” holds a password", "leave it out and use a key that ssh finds")
    }
    guard isName(user, extra: "._-+") else {
      throw refused("“\(redacted(text))” has a user name that is not taken", nil)
    }
    try checkHost(authority[authority.index(after: at)...], text)
  }

  private static func checkFile(_ authority: Substring, _ text: String) throws(AddressFlaw) {
    guard authority.isEmpty else {
      throw refused("“\(redacted(text))” names a host", "write file:///path, with three slashes")
    }
  }

  private static func checkHost(_ authority: Substring, _ text: String) throws(AddressFlaw) {
    let parts = splitPort(authority)
    let isAddress = parts.host.hasPrefix("[") && parts.host.hasSuffix("]")
    let host = isAddress ? parts.host.dropFirst().dropLast() : parts.host
    let isTaken =
      isAddress
      ? host.contains(":") && host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
      : isName(host, extra: ".-_")
    guard isTaken else {
      throw refused("“\(redacted(text))” has no host name that Muster takes", nil)
    }
    guard let port = parts.port else { return }
    guard port.utf8.allSatisfy(\.isDigit), let number = UInt16(port), number > 0 else {
      throw refused("“\(redacted(text))” has a port that is not a number up to 65535", nil)
    }
  }

  private static func splitPort(_ authority: Substring) -> (host: Substring, port: Substring?) {
    guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]")
    else { return (authority, nil) }
    return (authority[..<colon], authority[authority.index(after: colon)...])
  }

  /// Whether it is ASCII letters, digits and `extra`, and does not look like an option.
  private static func isName(_ text: Substring, extra: String) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: "-") else { return false }
    return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || extra.utf8.contains($0) }
  }

  /// Whether a percent code stands for a control character: git decodes them.
  private static func hidesControl(_ text: Substring) -> Bool {
    ["%0", "%1", "%7f", "%7F"].contains { text.contains($0) }
  }
}
