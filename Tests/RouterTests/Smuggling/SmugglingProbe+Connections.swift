// Probes of connections: more than one request in a packet, protocols that take one over, and
// bodies that wait to be asked for.

extension SmugglingProbe {
  static let connections: [SmugglingProbe] = [
    SmugglingProbe(
      "three requests in a packet", ["POST /a HTTP/1.1", "Content-Length: 5"],
      "helloGET /b HTTP/1.1\r\nHost: blog.test\r\n\r\n"
        + "POST /c HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      .passes("POST /a 5", "GET /b 0 @blog.test", "POST /c 0")),
    SmugglingProbe(
      "requests that come byte by byte", ["GET /a HTTP/1.1"],
      "POST /b HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\n\r\nhello",
      .passes("GET /a 0", "POST /b 5")
    ).byteByByte,
    SmugglingProbe(
      "a request after the last one", ["GET /a HTTP/1.1", "Connection: close"],
      .comes("200", "GET /a 0")),
    SmugglingProbe(
      "a HEAD before another one", ["HEAD /a HTTP/1.1"], .passes("HEAD /a 0")),
    SmugglingProbe(
      "a body that looks like a request", ["POST /a HTTP/1.1", "Content-Length: 40"],
      "GET /admin HTTP/1.1\r\nHost: blog.test\r\n\r\n", .passes("POST /a 40")),
    SmugglingProbe(
      "HTTP/2 asked for",
      [
        "GET /a HTTP/1.1", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
      ], "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .comes("200 400 400", "GET /a 0")),
    SmugglingProbe(
      "HTTP/2 or a WebSocket asked for, in one field",
      webSocket("/a", ["Upgrade: websocket, h2c"]), .passes("GET /a 0")),
    SmugglingProbe(
      "HTTP/2 or a WebSocket asked for, in two fields",
      webSocket("/a", ["Upgrade: h2c", "Upgrade: websocket"]),
      .passes("GET /a 0")),
    SmugglingProbe(
      "a WebSocket that the connection does not name",
      webSocket("/ws", connection: "Connection: keep-alive"), .passes("GET /ws 0")),
    SmugglingProbe(
      "a WebSocket that drops an identity",
      webSocket("/a", connection: "Connection: X-Forwarded-For, Upgrade"), .passes("GET /a 0")),
    SmugglingProbe("a WebSocket that the server refuses", webSocket("/a"), .passes("GET /a 0")),
    SmugglingProbe(
      "a WebSocket with a body", webSocket("/a") + ["Content-Length: 5"], "hello",
      .passes("GET /a 5")),
    // The server reads no request any more, so it gets none.
    SmugglingProbe("a request in a WebSocket", webSocket("/ws"), .comes("101", "GET /ws 0"))
      .then(.forAnswer, "GET /b HTTP/1.1\r\nHost: blog.test\r\n\r\nend").endless,
    SmugglingProbe(
      "a body that is asked for",
      ["POST /a HTTP/1.1", "Content-Length: 5", "Expect: 100-continue"],
      .comes("100 200 200", "POST /a 5", "GET /end 0")
    ).then(.forAnswer, "hello"),
    SmugglingProbe(
      "a body that does not wait",
      ["POST /a HTTP/1.1", "Content-Length: 5", "Expect: 100-continue"], "hello",
      .passes("POST /a 5")),
    SmugglingProbe(
      "an expectation without a body", ["GET /a HTTP/1.1", "Expect: 100-continue"],
      .passes("GET /a 0")),
    SmugglingProbe(
      "another expectation", ["GET /a HTTP/1.1", "Expect: 200-ok"], .refusedAlone(417)),
    SmugglingProbe(
      "two expectations", ["GET /a HTTP/1.1", "Expect: 200-ok", "Expect: 100-continue"],
      .refusedAlone(417)),
  ]

  private static func webSocket(
    _ path: String, _ upgrade: [String] = ["Upgrade: websocket"],
    connection: String = "Connection: Upgrade"
  ) -> [String] {
    ["GET \(path) HTTP/1.1"] + upgrade + [
      connection, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
  }
}
