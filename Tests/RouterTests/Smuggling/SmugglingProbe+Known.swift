// The probes that were first sent to HAProxy 2.6 with a plain configuration: what it refused, what
// it mended, and what it passed on until a rule of ours refused it.

extension SmugglingProbe {
  private static let post = "POST /a HTTP/1.1"

  static let known: [SmugglingProbe] = refused + mended + refusedByRule

  private static let refused: [SmugglingProbe] = [
    SmugglingProbe(
      "two lengths that differ", [post, "Content-Length: 5", "Content-Length: 6"], "hello!",
      .refused(400)),
    // CVE-2023-40225.
    SmugglingProbe("an empty length", [post, "Content-Length:"], "hello", .refused(400)),
    SmugglingProbe("a length with a sign", [post, "Content-Length: +5"], "hello", .refused(400)),
    SmugglingProbe(
      "an encoding like chunked", [post, "Transfer-Encoding: xchunked"], "0\r\n\r\n",
      .refused(400)),
    SmugglingProbe(
      "chunked, and another encoding", [post, "Transfer-Encoding: chunked, identity"],
      "0\r\n\r\n", .refused(400)),
    SmugglingProbe(
      "a space before the colon", [post, "Content-Length : 5"], "hello", .refused(400)),
    // CVE-2023-25725.
    SmugglingProbe("a field without a name", [post, ": a"], .refused(400)),
    SmugglingProbe("a bare CR in a value", [post, "A: b\rc"], .refused(400)),
    SmugglingProbe(
      "a chunk size with 0x", [post, "Transfer-Encoding: chunked"], "0x1\r\na\r\n0\r\n\r\n",
      .refused(400)),
    SmugglingProbe("two hosts that differ", [post, "Host: blog.test"], .refused(400)),
    SmugglingProbe(
      "a target of another host", ["GET http://blog.test/ HTTP/1.1"], .refused(400)),
    // CVE-2023-45539.
    SmugglingProbe("a fragment", ["GET /a#b HTTP/1.1"], .refused(400)),
  ]

  private static let mended: [SmugglingProbe] = [
    SmugglingProbe(
      "a length and chunks", [post, "Content-Length: 60", "Transfer-Encoding: chunked"],
      "5\r\nhello\r\n0\r\n\r\n", .passesLast("POST /a 5")),
    SmugglingProbe("a folded line", ["GET /a HTTP/1.1", "A: b", " c"], .passes("GET /a 0")),
    SmugglingProbe(
      "lines that end with LF alone", raw: "GET /a HTTP/1.1\nHost: shop.test\nA: b\n\n",
      .passes("GET /a 0")),
    SmugglingProbe(
      "a chunk size that ends with LF alone", [post, "Transfer-Encoding: chunked"],
      "5\nhello\r\n0\r\n\r\n", .passes("POST /a 5")),
    SmugglingProbe(
      "a GET with a body", ["GET /a HTTP/1.1", "Content-Length: 5"], "hello",
      .passes("GET /a 5")),
  ]

  private static let refusedByRule: [SmugglingProbe] = [
    SmugglingProbe("NUL in a value", ["GET /a HTTP/1.1", "A: b\0c"], .refusedAlone(400)),
    SmugglingProbe("no host", raw: "GET /a HTTP/1.1\r\n\r\n", .refusedAlone(400)),
    SmugglingProbe(
      "names with underscores",
      ["GET /a HTTP/1.1", "X_Forwarded_For: 6.6.6.6", "Content_Length: 5"], .passes("GET /a 0")),
  ]
}
