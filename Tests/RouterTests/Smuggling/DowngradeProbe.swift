// Probes that come as HTTP/2 and go on as HTTP/1.1: what is a value there may be a line here.

/// An attempt by HTTP/2. A good request follows it on the same connection.
struct DowngradeProbe: Sendable {
  typealias Field = (String, String)

  let name: String
  let fields: [Field]
  var body: String?
  var trailers: [Field]?
  let expected: SmugglingProbe.Expected
  /// What follows could overtake what breaks off: they go to the server by two connections.
  private(set) var hasEnd = true

  /// A GET with these fields, of which those that are pseudo replace its own.
  init(_ name: String, _ fields: [Field], _ expected: SmugglingProbe.Expected) {
    self.name = name
    self.fields = fields
    self.expected = expected
  }

  /// A POST.
  init(
    _ name: String, _ fields: [Field] = [], body: String, trailers: [Field]? = nil,
    _ expected: SmugglingProbe.Expected
  ) {
    self.init(name, [(":method", "POST")] + fields, expected)
    self.body = body
    self.trailers = trailers
  }

  /// The same without a request that follows.
  var endless: DowngradeProbe {
    var probe = self
    probe.hasEnd = false
    return probe
  }

  /// The frames of its streams.
  var streams: [[UInt8]] {
    var frames = Frames.headers(1, whole, isLast: body == nil)
    if let body { frames += Frames.data(1, body, isLast: trailers == nil) }
    if let trailers { frames += Frames.headers(1, trailers, isLast: true) }
    guard hasEnd else { return [frames] }
    let end = Self.usual.map { $0.0 == ":path" ? (":path", "/end") : $0 }
    return [frames, Frames.headers(3, end, isLast: true)]
  }

  private var whole: [Field] {
    Self.usual.filter { field in !fields.contains { $0.0 == field.0 } }
      + fields.filter { !$0.1.hasPrefix("absent") }
  }

  private static let usual: [Field] = [
    (":method", "GET"), (":scheme", "https"), (":path", "/a"), (":authority", "shop.test"),
  ]
}

extension DowngradeProbe {
  private static let reset = SmugglingProbe.Expected.comes("reset-1 200", "GET /end 0")

  static let fields: [DowngradeProbe] = [
    DowngradeProbe("a request", [("a", "b")], .passes("GET /a 0")),
    DowngradeProbe("an encoding", [("transfer-encoding", "chunked")], reset),
    DowngradeProbe(
      "an encoding, and a body", [("transfer-encoding", "chunked")], body: "0\r\n\r\n",
      .comes("reset-1 closed")),
    DowngradeProbe("a connection", [("connection", "x-forwarded-for")], reset),
    DowngradeProbe("a connection of a proxy", [("proxy-connection", "close")], reset),
    DowngradeProbe("a connection that stays", [("keep-alive", "1")], reset),
    DowngradeProbe("another protocol", [("upgrade", "h2c")], reset),
    DowngradeProbe("trailers that are no trailers", [("te", "chunked")], reset),
    DowngradeProbe("CRLF in a value", [("a", "b\r\nX-Forwarded-For: 6.6.6.6")], reset),
    DowngradeProbe("LF in a value", [("a", "b\nc: d")], reset),
    DowngradeProbe("CR in a value", [("a", "b\rc")], reset),
    DowngradeProbe("NUL in a value", [("a", "b\0c")], reset),
    DowngradeProbe("a control in a value", [("a", "b\u{1}c")], .refusedAlone(400)),
    DowngradeProbe("CRLF in a name", [("a: b\r\nc", "d")], reset),
    DowngradeProbe("a colon in a name", [("a:b", "c")], reset),
    DowngradeProbe("a space in a name", [("content-length ", "5")], reset),
    DowngradeProbe("an empty name", [("", "b")], .comes("closed")),
    DowngradeProbe("capitals in a name", [("Transfer-Encoding", "chunked")], reset),
    DowngradeProbe(
      "an identity", [("x-forwarded-for", "6.6.6.6"), ("x_forwarded_for", "7")],
      .passes("GET /a 0")),
    DowngradeProbe(
      "two ids", [("x-request-id", "short"), ("x-request-id", "0123456789abcdefghij")],
      .passes("GET /a 0")),
    DowngradeProbe(
      "an identity in cookies", [("cookie", "a=b"), ("cookie", "c=d")], .passes("GET /a 0")),
  ]

  static let bodies: [DowngradeProbe] = [
    DowngradeProbe("a body", body: "hello", .passes("POST /a 5")),
    DowngradeProbe(
      "a body with its length", [("content-length", "5")], body: "hello",
      .passes("POST /a 5")),
    DowngradeProbe("a body beyond its length", [("content-length", "3")], body: "hello", reset),
    DowngradeProbe("a body below its length", [("content-length", "7")], body: "hello", reset),
    DowngradeProbe("a length without a body", [("content-length", "5")], .passes("GET /a 0")),
    DowngradeProbe(
      "two lengths", [("content-length", "5"), ("content-length", "6")], body: "hello",
      .comes("reset-1 closed")),
    DowngradeProbe(
      "the same length twice", [("content-length", "5"), ("content-length", "5")],
      body: "hello", .passes("POST /a 5")),
    DowngradeProbe(
      "a length with a sign", [("content-length", "+5")], body: "hello", .comes("reset-1 closed")),
    DowngradeProbe(
      "an empty length", [("content-length", "")], body: "hello", .comes("reset-1 closed")),
    DowngradeProbe(
      "a body that looks like chunks", body: "0\r\n\r\nGET /b HTTP/1.1\r\n\r\n",
      .passes("POST /a 24")),
    DowngradeProbe("trailers", body: "hello", trailers: [("a", "b")], .passes("POST /a 5")),
    DowngradeProbe(
      "CRLF in trailers", body: "hello", trailers: [("a", "b\r\n\r\nGET /b HTTP/1.1")],
      .comes("reset-2", "POST /a cut")
    ).endless,
    DowngradeProbe(
      "NUL in trailers", body: "hello", trailers: [("a", "b\0")],
      .comes("reset-2", "POST /a cut")
    ).endless,
    DowngradeProbe(
      "an encoding in trailers", body: "hello", trailers: [("transfer-encoding", "a")],
      .comes("reset-2", "POST /a cut")
    ).endless,
    DowngradeProbe(
      "a path in trailers", body: "hello", trailers: [(":path", "/b")],
      .comes("reset-2", "POST /a cut")
    ).endless,
    DowngradeProbe(
      "a body that waits", [("expect", "100-continue")], body: "hello",
      .passes("POST /a 5")),
  ]

  static let lines: [DowngradeProbe] = [
    path("with a space", "/a b", reset),
    path("with a request in it", "/a HTTP/1.1\r\nHost: blog.test\r\n\r\nGET /b", reset),
    path("with LF", "/a\nb", reset),
    path("with LF at its end", "/a\n", reset),
    path("with a tab", "/a\tb", reset),
    path("with NUL", "/a\0", reset),
    path("with a fragment", "/a#b", reset),
    path("beyond ASCII", "/ä", .refusedAlone(400)),
    path("that is empty", "", reset),
    path("without a slash", "a", reset),
    path("that is a URL", "http://blog.test/", reset),
    path("with two slashes", "//blog.test/a", .passes("GET //blog.test/a 0")),
    path("that is a star", "*", .passes("GET / 0")),
    DowngradeProbe("no path", [(":path", "absent")], reset),
    DowngradeProbe("two paths", [(":path", "/a"), (":path", "/b")], reset),
    DowngradeProbe("two methods", [(":method", "GET"), (":method", "POST")], reset),
    DowngradeProbe(
      "two authorities", [(":authority", "shop.test"), (":authority", "blog.test")],
      reset),
    DowngradeProbe("an unknown pseudo field", [(":a", "b")], reset),
    DowngradeProbe("a pseudo field behind a field", [("a", "b"), (":path", "/a")], reset),
    DowngradeProbe("a method with a request in it", [(":method", "GET / HTTP/1.1\r\nA: b")], reset),
    DowngradeProbe("a method with a space", [(":method", "GET /b")], .refusedAlone(400)),
    DowngradeProbe("a tunnel", [(":method", "CONNECT")], reset),
    DowngradeProbe(
      "a scheme with a host in it", [(":scheme", "https://blog.test/?")], .refusedAlone(400)),
    // It goes on with its Upgrade, or else the answer were 200; the origin's 101 is refused, for
    // it is to another key.
    DowngradeProbe(
      "a WebSocket",
      [
        (":method", "CONNECT"), (":protocol", "websocket"), (":path", "/ws"),
        ("sec-websocket-version", "13"),
      ], .comes("400 200", "GET /ws 0", "GET /end 0")),
    DowngradeProbe("a scheme of another kind", [(":scheme", "ftp")], .refusedAlone(400)),
    DowngradeProbe("a scheme in capitals", [(":scheme", "HTTPS")], .passes("GET /a 0")),
    DowngradeProbe("a scheme with CRLF", [(":scheme", "http\r\na: b")], reset),
    DowngradeProbe("an authority and another host", [("host", "blog.test")], .passes("GET /a 0")),
    DowngradeProbe(
      "a host alone", [(":authority", "absent"), ("host", "shop.test")],
      .passes("GET /a 0")),
    DowngradeProbe("no host", [(":authority", "absent")], .refusedAlone(400)),
    DowngradeProbe(
      "two hosts", [("host", "shop.test"), ("host", "blog.test")], .passes("GET /a 0")),
    DowngradeProbe("an authority with a path", [(":authority", "shop.test/b")], .refusedAlone(400)),
    DowngradeProbe("an authority with a user", [(":authority", "a@shop.test")], .refusedAlone(400)),
    DowngradeProbe("an authority with CRLF", [(":authority", "shop.test\r\na: b")], reset),
  ]

  private static func path(
    _ name: String, _ path: String, _ expected: SmugglingProbe.Expected
  ) -> DowngradeProbe {
    DowngradeProbe("a path \(name)", [(":path", path)], expected)
  }
}
