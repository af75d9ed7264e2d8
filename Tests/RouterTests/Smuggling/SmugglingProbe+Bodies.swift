// Probes of where a body ends: by its length, or by an encoding.

extension SmugglingProbe {
  private static let post = "POST /a HTTP/1.1"
  private static let chunked = "Transfer-Encoding: chunked"
  private static let none = "0\r\n\r\n"

  static let lengths: [SmugglingProbe] = [
    length("two in one field", "0, 0", .passes("POST /a 0")),
    length("two in one field that differ", "0, 44", .refused(400)),
    length("below zero", "-1", .refused(400)),
    length("hexadecimal", "0x5", .refused(400)),
    length("two words", "5 5", .refused(400)),
    length("a parameter", "5;a", .refused(400)),
    length("a fraction", "5.0", .refused(400)),
    length("a comma behind", "5,", .refused(400)),
    length("zeros before", "05", .passes("POST /a 5")),
    length("tabs around", "\t5\t", .passes("POST /a 5")),
    length("nineteen figures", "0000000000000000005", .refusedAlone(400)),
    length("2⁶⁴ + 5", "18446744073709551621", .refused(400)),
    length("2⁶³", "9223372036854775808", .refused(400)),
    length("a vertical tab", "\u{B}5", .refused(400)),
    SmugglingProbe(
      "the same length twice", [post, "Content-Length: 5", "Content-Length: 5"], "hello",
      .passes("POST /a 5")),
    SmugglingProbe(
      "a length on a folded line", [post, "Content-Length:", " 5"], "hello",
      .passes("POST /a 5")),
    SmugglingProbe(
      "a length below an underscore", [post, "Content-Length: 5", "Content_Length: 0"], "hello",
      .passes("POST /a 5")),
    SmugglingProbe(
      "a body that breaks off", [post, "Content-Length: 500"], "hello", .comes("", "POST /a cut")
    ).brokenOff,
  ]

  private static func length(
    _ name: String, _ value: String, _ expected: Expected
  ) -> SmugglingProbe {
    let body = value.contains("5") ? "hello" : ""
    return SmugglingProbe("length: \(name)", [post, "Content-Length: \(value)"], body, expected)
  }

  static let encodings: [SmugglingProbe] = [
    encoding("a tab before", "Transfer-Encoding:\tchunked", .passesLast("POST /a 0")),
    encoding("a tab behind", "Transfer-Encoding: chunked\t", .passesLast("POST /a 0")),
    encoding("spaces", "Transfer-Encoding:   chunked  ", .passesLast("POST /a 0")),
    encoding("no space", "Transfer-Encoding:chunked", .passesLast("POST /a 0")),
    encoding("capitals", "TRANSFER-ENCODING: CHUNKED", .passesLast("POST /a 0")),
    encoding("a folded line", "Transfer-Encoding:\r\n chunked", .passesLast("POST /a 0")),
    encoding("a vertical tab", "Transfer-Encoding: \u{B}chunked", .refused(400)),
    encoding("a form feed behind", "Transfer-Encoding: chunked\u{C}", .refused(400)),
    encoding("NUL behind", "Transfer-Encoding: chunked\0", .refused(400)),
    encoding("quotes", "Transfer-Encoding: \"chunked\"", .refused(400)),
    encoding("a parameter", "Transfer-Encoding: chunked;a=b", .refused(400)),
    encoding("a comma before", "Transfer-Encoding: ,chunked", .refused(422)),
    encoding("an empty one", "Transfer-Encoding:", .refused(400)),
    encoding("identity", "Transfer-Encoding: identity", .refused(400)),
    encoding("chunked twice", "Transfer-Encoding: chunked, chunked", .refused(400)),
    encoding("gzip, too", "Transfer-Encoding: gzip, chunked", .refused(422)),
    encoding("a space before the colon", "Transfer-Encoding : chunked", .refused(400)),
    encoding(
      "a space before the name", "A: b\r\n Transfer-Encoding: chunked", .passes("POST /a 5")),
    encoding("an underscore", "Transfer_Encoding: chunked", .passes("POST /a 5")),
    encoding(
      "two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", .refused(400)),
    encoding(
      "two fields that are the same", "Transfer-Encoding: chunked\r\nTransfer-encoding: chunked",
      .refused(400)),
    // CL.TE: whoever goes by the length finds `G` before the next request.
    SmugglingProbe(
      "chunks that end before the length", [post, "Content-Length: 6", chunked], none + "G",
      .passesLast("POST /a 0")),
    // TE.CL: whoever goes by the length finds a request in the chunk.
    SmugglingProbe(
      "a length that ends before the chunks", [post, "Content-Length: 4", chunked],
      "28\r\nGET /admin HTTP/1.1\r\nHost: blog.test\r\n\r\n\r\n" + none, .passesLast("POST /a 40")),
    SmugglingProbe(
      "chunks in HTTP/1.0", ["POST /a HTTP/1.0", chunked, "Connection: keep-alive"], none,
      .refused(400)),
    SmugglingProbe(
      "chunks and a length in HTTP/1.0",
      ["POST /a HTTP/1.0", "Content-Length: 5", chunked, "Connection: keep-alive"], none,
      .refused(400)),
    SmugglingProbe("chunks of a GET", ["GET /a HTTP/1.1", chunked], none, .passes("GET /a 0")),
  ]

  /// An encoding, and a length for whoever does not see it.
  private static func encoding(
    _ name: String, _ line: String, _ expected: Expected
  ) -> SmugglingProbe {
    SmugglingProbe("encoding: \(name)", [post, "Content-Length: 5", line], none, expected)
  }

  static let chunks: [SmugglingProbe] = [
    chunk("an extension", "5;a=b\r\nhello\r\n0\r\n\r\n", .passes("POST /a 5")),
    chunk("a quoted extension", "5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n", .passes("POST /a 5")),
    chunk("a line end in quotes", "5;a=\"\r\nhello\r\n0\r\n\r\n", .passes("POST /a 5")),
    chunk("LF in an extension", "5;a\nhello\r\n0\r\n\r\n", .passes("POST /a 5")),
    chunk("CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", .refused(400)),
    chunk("a space behind the size", "5 \r\nhello\r\n0\r\n\r\n", .passes("POST /a 5")),
    chunk("a space before the size", " 5\r\nhello\r\n0\r\n\r\n", .refused(400)),
    chunk("zeros before", "0005\r\nhello\r\n000\r\n\r\n", .passes("POST /a 5")),
    chunk("a size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n", .refused(400)),
    chunk(
      "a size beyond 32 bits", "100000005\r\nhello\r\n0\r\n\r\n", .comes("", "POST /a cut")
    ).brokenOff,
    chunk("a size below zero", "-5\r\nhello\r\n0\r\n\r\n", .refused(400)),
    chunk("a size with a sign", "+5\r\nhello\r\n0\r\n\r\n", .refused(400)),
    chunk("no size", "\r\nhello\r\n0\r\n\r\n", .refused(400)),
    chunk("more data than its size", "2\r\nhello\r\n0\r\n\r\n", .refused(400)),
    chunk("CR alone behind the size", "5\rhello\r\n0\r\n\r\n", .refused(400)),
    chunk("LF alone behind the data", "5\r\nhello\n0\r\n\r\n", .passes("POST /a 5")),
    chunk(
      "NUL in the data", "5\r\nhe\0lo\r\n0\r\n\r\n", .passes("POST /a 5")),
    chunk("an identity in trailers", "0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n", .passes("POST /a 0")),
    chunk("a length in trailers", "0\r\nContent-Length: 60\r\n\r\n", .passes("POST /a 0")),
    chunk("a host in trailers", "0\r\nHost: blog.test\r\n\r\n", .passes("POST /a 0")),
    chunk("no colon in trailers", "0\r\nGET /b HTTP/1.1\r\n\r\n", .refused(400)),
    chunk("a folded line in trailers", "0\r\nA: b\r\n c\r\n\r\n", .passes("POST /a 0")),
    chunk("LF in trailers", "0\nA: b\n\n", .passes("POST /a 0")),
    SmugglingProbe(
      "a chunk that breaks once the server has begun", [post, chunked], "5\r\nhello\r\n",
      .comes("400", "POST /a cut")
    ).then(.forArrival, "0x1\r\na\r\n0\r\n\r\n"),
    SmugglingProbe(
      "chunks that come byte by byte", [post, chunked], "5\r\nhello\r\n0\r\nA: b\r\n\r\n",
      .passes("POST /a 5")
    ).byteByByte,
  ]

  /// HAProxy 2.6 has no rule for trailers, and passes this on.
  static let knownHole = chunk("NUL in trailers", "0\r\nA: b\0c\r\n\r\n", .refused(400))

  private static func chunk(
    _ name: String, _ body: String, _ expected: Expected
  ) -> SmugglingProbe {
    SmugglingProbe("chunk: \(name)", [post, chunked], body, expected)
  }
}
