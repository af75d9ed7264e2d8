// Probes of a head: its first line, its host, its fields, and who it says the visitor is.

extension SmugglingProbe {
  static let targets: [SmugglingProbe] = [
    line("of a proxy", "GET http://shop.test/a?b HTTP/1.1", .passes("GET /a?b 0")),
    line("of a proxy, with a port", "GET http://shop.test:80/a HTTP/1.1", .passes("GET /a 0")),
    line("of a proxy, in capitals", "GET HTTP://SHOP.TEST/a HTTP/1.1", .passes("GET /a 0")),
    line("of a proxy, without a path", "GET http://shop.test HTTP/1.1", .passes("GET / 0")),
    line(
      "of a proxy, with a query alone", "GET http://shop.test?a=/b//c HTTP/1.1",
      .refused(400)),
    line("of a proxy, with a user", "GET http://a@shop.test/a HTTP/1.1", .passes("GET /a 0")),
    line("of a proxy, by HTTPS", "GET https://shop.test/a HTTP/1.1", .passes("GET /a 0")),
    line("of another scheme", "GET ftp://shop.test/a HTTP/1.1", .refusedAlone(400)),
    line("of no authority", "GET http:/a HTTP/1.1", .refused(400)),
    line("of an empty authority", "GET http:///a HTTP/1.1", .passes("GET /a 0")),
    line("without a slash", "GET a HTTP/1.1", .refused(400)),
    line("that is a host", "GET shop.test:80 HTTP/1.1", .refused(400)),
    line("with two slashes", "GET //blog.test/a HTTP/1.1", .passes("GET //blog.test/a 0")),
    line(
      "with a URL in it", "GET /http://blog.test/ HTTP/1.1", .passes("GET /http://blog.test/ 0")),
    line("with dots", "GET /../%2e%2e/a HTTP/1.1", .passes("GET /../%2e%2e/a 0")),
    line("with a star", "OPTIONS * HTTP/1.1", .passes("OPTIONS * 0")),
    line("with a star for a GET", "GET * HTTP/1.1", .refusedAlone(400)),
    line("beyond ASCII", "GET /ä HTTP/1.1", .refused(400)),
    line("with a control", "GET /\u{1} HTTP/1.1", .refused(400)),
    line("with two spaces before", "GET  /a HTTP/1.1", .passes("GET /a 0")),
    line("with two spaces behind", "GET /a  HTTP/1.1", .passes("GET /a 0")),
    line("with a space in it", "GET /a b HTTP/1.1", .refused(400)),
    line("with tabs around", "GET\t/a\tHTTP/1.1", .passes("GET /a 0")),
    line("without a version", "GET /a", .refused(400)),
    line("of version 1.2", "GET /a HTTP/1.2", .refusedAlone(400)),
    line("of version 2.0", "GET /a HTTP/2.0", .refusedAlone(400)),
    line("of a proxy, of version 2.0", "GET http://shop.test/a HTTP/2.0", .refusedAlone(400)),
    line("of version 1.1 in lower case", "GET /a http/1.1", .refused(400)),
    line("with a space behind the version", "GET /a HTTP/1.1 ", .refused(400)),
    line("of no method", "G(T /a HTTP/1.1", .refused(400)),
    line("of a method in lower case", "get /a HTTP/1.1", .passes("get /a 0")),
    line("of a tunnel", "CONNECT shop.test:80 HTTP/1.1", .refusedAlone(405)),
    line("of a trace", "TRACE /a HTTP/1.1", .refusedAlone(405)),
    line("after an empty line", "\r\nGET /a HTTP/1.1", .passes("GET /a 0")),
    line("after a space", " GET /a HTTP/1.1", .refused(400)),
    // The beginning of HTTP/2.
    SmugglingProbe(
      "HTTP/2 without TLS", raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .comes("400 400")),
  ]

  private static func line(
    _ name: String, _ line: String, _ expected: Expected
  ) -> SmugglingProbe {
    SmugglingProbe("a request \(name)", [line], expected)
  }

  static let heads: [SmugglingProbe] = [
    host("with a port", "Host: shop.test:8080", .passes("GET /a 0")),
    host("in capitals, with a dot", "Host: SHOP.test.", .passes("GET /a 0")),
    host("of another app", "Host: blog.test", .passes("GET /a 0 @blog.test")),
    host("twice the same", "Host: shop.test\r\nHost: shop.test", .passes("GET /a 0")),
    host("twice, in other letters", "Host: shop.test\r\nHost: SHOP.test", .passes("GET /a 0")),
    host("that is two", "Host: shop.test, blog.test", .refusedAlone(400)),
    host("with a user", "Host: shop.test@blog.test", .refusedAlone(400)),
    host("with a path", "Host: shop.test/a", .refusedAlone(400)),
    host("that is empty", "Host:", .refusedAlone(400)),
    host("with a space", "Host: shop.test blog.test", .refusedAlone(400)),
    host("beyond ASCII", "Host: shöp.test", .refusedAlone(400)),
    host("with a folded line", "Host: shop.test\r\n blog.test", .refusedAlone(400)),
    host("on a folded line", "Host:\r\n shop.test", .passes("GET /a 0")),
    host("behind an underscore", "Host_: blog.test\r\nHost: shop.test", .passes("GET /a 0")),
    SmugglingProbe(
      "a fold before any field", raw: "GET /a HTTP/1.1\r\n Host: shop.test\r\n\r\n",
      .refused(400)),
    SmugglingProbe("a line without a colon", ["GET /a HTTP/1.1", "Ab"], .refused(400)),
    SmugglingProbe("a bare CR before a line end", ["GET /a HTTP/1.1", "A: b\r"], .refused(400)),
    SmugglingProbe("a tab in a name", ["GET /a HTTP/1.1", "A\tb: c"], .refused(400)),
    SmugglingProbe("NUL in a name", ["GET /a HTTP/1.1", "A\0b: c"], .refused(400)),
    SmugglingProbe("a name beyond ASCII", ["GET /a HTTP/1.1", "ä: c"], .refused(400)),
    SmugglingProbe("DEL in a value", ["GET /a HTTP/1.1", "A: b\u{7F}c"], .refusedAlone(400)),
    SmugglingProbe("a control in a value", ["GET /a HTTP/1.1", "A: b\u{1}c"], .refusedAlone(400)),
    SmugglingProbe("a value beyond ASCII", ["GET /a HTTP/1.1", "A: ä"], .passes("GET /a 0")),
    SmugglingProbe(
      "a line of 9000 bytes", ["GET /a HTTP/1.1", "A: \(String(repeating: "a", count: 9000))"],
      .refusedAlone(400)),
    SmugglingProbe(
      "a head of 40000 bytes",
      ["GET /a HTTP/1.1"] + (0..<5).map { "A\($0): \(String(repeating: "a", count: 8000))" },
      .refused(400)),
    SmugglingProbe(
      "HTTP/1.0 that stays", ["GET /a HTTP/1.0", "Connection: keep-alive"],
      .passes("GET /a 0")),
  ]

  private static func host(
    _ name: String, _ line: String, _ expected: Expected
  ) -> SmugglingProbe {
    SmugglingProbe("a host \(name)", raw: "GET /a HTTP/1.1\r\n\(line)\r\n\r\n", expected)
  }

  static let identities: [SmugglingProbe] = [
    identity("as it is", ["X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: gopher"]),
    identity("twice", ["X-Forwarded-For: 6.6.6.6", "x-forwarded-for: 7.7.7.7"]),
    identity("below underscores", ["X_Forwarded_For: 6.6.6.6", "X-Forwarded_Port: 6"]),
    identity("below dots", ["X.Forwarded.For: 6.6.6.6", "X-Forwarded.Proto: gopher"]),
    identity("on a folded line", ["X-Forwarded-For:", " 6.6.6.6", "A: b", " X-Forwarded-Port: 6"]),
    identity(
      "of other kinds", ["X-Forwarded-Host: a", "X-Forwarded-: a", "X-Forwarded-Server: a"]),
    identity(
      "in other words", ["Forwarded: for=6.6.6.6", "X-Real-IP: 6.6.6.6", "Proxy: http://a"]),
    identity("with odd names", ["X-Forwarded-For!: 6.6.6.6", "$X-Forwarded-For: 6.6.6.6"]),
    identity("and a time", ["X-Request-Start: 1", "X-Request-Start: 2", "X_Request_Start: 3"]),
    identity("and a bad id", ["X-Request-Id: short", "X_Request_Id: 0123456789abcdefghij"]),
    identity("and an id with a comma", ["X-Request-Id: 0123456789abcdefghij,0123456789abcdefghij"]),
    identity(
      "and two ids, the bad one first",
      ["X-Request-Id: short", "X-Request-Id: 0123456789abcdefghij"]),
    identity(
      "and two ids, the bad one last",
      ["X-Request-Id: 0123456789abcdefghij", "X-Request-Id: short"]),
    identity(
      "and two good ids",
      ["X-Request-Id: 0123456789abcdefghij", "X-Request-Id: 0123456789abcdefghik"]),
    // What is named there is for the next hop alone, and a server may drop it.
    identity(
      "that the server is to drop",
      ["Connection: X-Forwarded-For, X-Forwarded-Proto", "Connection: X-Request-Id, keep-alive"]),
  ]

  private static func identity(_ name: String, _ lines: [String]) -> SmugglingProbe {
    SmugglingProbe("an identity \(name)", ["GET /a HTTP/1.1"] + lines, .passes("GET /a 0"))
  }
}
