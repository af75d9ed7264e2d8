// That the origin behind the probes forgives nothing: otherwise it would judge nothing.

import Testing

@Suite struct StrictRequestTests {
  @Test(arguments: [
    "GET /a HTTP/1.1\nHost: a\n\n", "GET /a HTTP/1.1\r\nHost: a\r\nB: c\rd\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: a\r\nB: c\0d\r\n\r\n", "GET /a HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    "GET  /a HTTP/1.1\r\nHost: a\r\n\r\n", "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /ä HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a HTTP/2.0\r\nHost: a\r\n\r\n", "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a HTTP/1.1\r\n\r\n", "GET /a HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET /a HTTP/1.1\r\nHost: a\r\nB : c\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: a\r\n: c\r\n\r\n", "\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n",
    post("Content-Length: +1") + "a", post("Content-Length: 1, 1") + "a",
    post("Content-Length: 1\r\nContent-Length: 1") + "a", post("Content-Length:") + "a",
    post("Transfer-Encoding: chunked\r\nContent-Length: 1") + "0\r\n\r\n",
    post("Transfer-Encoding: identity"), post("Transfer-Encoding: chunked, chunked"),
    post("Transfer-Encoding: chunked") + "1;a\r\nb\r\n0\r\n\r\n",
    post("Transfer-Encoding: chunked") + "0x1\r\nb\r\n0\r\n\r\n",
    post("Transfer-Encoding: chunked") + "+1\r\nb\r\n0\r\n\r\n",
    post("Transfer-Encoding: chunked") + "1\r\nbc\r\n0\r\n\r\n",
    post("Transfer-Encoding: chunked") + "0\r\na\r\n\r\n",
  ])
  func `what a server could forgive is no request`(text: String) {
    #expect(throws: NotStrict.self) { try StrictReading.read(Array(text.utf8), from: 0) }
  }

  @Test(arguments: [
    (post("Content-Length: 2") + "abGET", "POST /a 2 @a", 3),
    (post("Transfer-Encoding: chunked") + "2\r\nab\r\n0\r\nC: d\r\n\r\n", "POST /a 2 @a", 0),
    ("OPTIONS * HTTP/1.1\r\nHost: shop.test:80\r\n\r\nG", "OPTIONS * 0", 1),
  ])
  func `a request ends where it says`(text: String, summary: String, rest: Int) throws {
    let bytes = Array(text.utf8)
    guard case .whole(let request, let end) = try StrictReading.read(bytes, from: 0) else {
      Issue.record("it goes on")
      return
    }
    #expect(request.summary == summary)
    #expect(bytes.count - end == rest)
  }

  private static func post(_ lines: String) -> String {
    "POST /a HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n"
  }
}
