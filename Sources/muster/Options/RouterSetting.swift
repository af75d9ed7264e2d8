// Where this machine's router is to listen, as somebody says it: `off`, an address, a port, or
// both.

import FormationModel
import Glibc
import Review

/// Reads `--router`.
enum RouterSetting {
  /// What was said; without a word, a router on loopback. `off` is nil.
  static func wish(_ text: String?) throws -> RouterWish? {
    guard let text, !text.isEmpty else { return RouterWish() }
    if text == "off" { return nil }
    if let port = port(text[...]) { return RouterWish(http: port) }
    var (host, rest) = (text[...], Substring())
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
    } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
      (host, rest) = (text[..<colon], text[colon...])
    }
    let number = rest.isEmpty ? nil : port(rest.dropFirst())
    guard isAddress(String(host)), rest.isEmpty || (rest.first == ":" && number != nil) else {
      throw CommandFailure(
        .usage, "the router cannot listen on \(text.escapingControls)",
        fix: "write off, an address (0.0.0.0), a port (80) or both (0.0.0.0:80)")
    }
    return RouterWish(address: String(host), http: number)
  }

  private static func port(_ text: Substring) -> Int? {
    Int(text).flatMap { (1...65_535).contains($0) && "\($0)" == text ? $0 : nil }
  }

  private static func isAddress(_ text: String) -> Bool {
    var bytes = in6_addr()
    return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
  }
}
