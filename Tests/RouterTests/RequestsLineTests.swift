// Router lines, word for word: one golden line for each code that HAProxy's ends come to, and what
// clients try to forge.

import FormationModel
import Testing

@testable import Router

@Suite struct RequestsLineTests {
  private static let common =
    "method=GET path=\"/\" host=shop.localhost request_id=U fwd=\"10.0.0.7\""
  private static let end = "bytes=915 protocol=http1.1 tls=false"

  /// How a request ended, and the line it comes to: before the method, and from the dyno on.
  struct Golden: Sendable, CustomTestStringConvertible {
    let flags: String
    var noted = "200"
    var verdict = "-"
    var server = "shop.web.1.v7.3"
    var connect = "1"
    var response = "20"
    let start: String
    let rest: String

    var testDescription: String { "\(verdict) \(flags) \(noted)" }

    static func own(_ code: HerokuCode, _ level: String, _ words: String) -> Golden {
      Golden(
        flags: "LR", noted: "503", verdict: code.rawValue, server: "<NOSRV>", connect: "-1",
        response: "-1", start: "at=\(level) code=\(code.rawValue) desc=\"\(words)\"",
        rest: "dyno= connect= service= status=503")
    }

    static func dyno(
      _ flags: String, _ noted: String, connect: String = "1", response: String = "-1",
      _ start: String, status: String
    ) -> Golden {
      let time = connect == "-1" ? "connect= service=" : "connect=1ms service=39ms"
      return Golden(
        flags: flags, noted: noted, connect: connect, response: response, start: start,
        rest: "dyno=web.1 \(time) status=\(status)")
    }

    static func front(_ flags: String, _ noted: String, _ start: String, status: String) -> Golden {
      Golden(
        flags: flags, noted: noted, server: "<NOSRV>", connect: "-1", response: "-1", start: start,
        rest: "dyno= connect= service= status=\(status)")
    }
  }

  static let golden: [Golden] = [
    .dyno("--", "200", response: "20", "at=info", status: "200"),
    .dyno("--", "500", response: "20", "at=info", status: "500"),
    .front("LR", "404", "at=info", status: "404"),
    .own(.h10, "error", "App crashed"),
    .own(.h11, "error", "Backlog too deep"),
    .own(.h14, "error", "No web processes running"),
    .own(.h20, "error", "App boot timeout"),
    .own(.h22, "error", "Connection limit reached"),
    .own(.h25, "error", "HTTP Restriction"),
    .own(.h31, "error", "Misdirected Request"),
    .own(.h32, "error", "TLS Certificate Mismatch"),
    .own(.h33, "error", "HTTP/2 Stream Broken"),
    .own(.h34, "error", "All up dynos are quarantined"),
    .own(.h80, "info", "Maintenance mode"),
    .own(.h81, "info", "Blank app"),
    .own(.h82, "info", "You've used up your dyno hour pool"),
    .own(.h99, "error", "Platform error"),
    .dyno("sQ", "503", connect: "-1", "at=error code=H11 desc=\"Backlog too deep\"", status: "503"),
    .dyno("sH", "504", "at=error code=H12 desc=\"Request timeout\"", status: "503"),
    .dyno(
      "SH", "502", "at=error code=H13 desc=\"Connection closed without response\"", status: "503"),
    .dyno(
      "sD", "200", response: "20", "at=error code=H15 desc=\"Idle connection\"", status: "200"),
    .dyno("PH", "502", "at=error code=H17 desc=\"Poorly formatted HTTP response\"", status: "503"),
    .dyno(
      "SD", "200", response: "20",
      "sock=backend at=error code=H18 desc=\"Server Request Interrupted\"", status: "200"),
    .dyno(
      "sC", "503", connect: "-1", "at=error code=H19 desc=\"Backend connection timeout\"",
      status: "503"),
    .dyno(
      "SC", "503", connect: "-1", "at=error code=H21 desc=\"Backend connection refused\"",
      status: "503"),
    .front("SC", "503", "at=error code=H99 desc=\"Platform error\"", status: "503"),
    .dyno("KD", "200", response: "20", "at=error code=H24 desc=\"Forced close\"", status: "200"),
    .front("PR", "400", "at=error code=H26 desc=\"Request Error\"", status: "400"),
    .front("LR", "417", "at=error code=H26 desc=\"Request Error\"", status: "417"),
    .dyno("PH", "400", "at=error code=H26 desc=\"Request Error\"", status: "400"),
    .dyno(
      "CH", "400", "sock=client at=warning code=H27 desc=\"Client Request Interrupted\"",
      status: "499"),
    .dyno(
      "CD", "-1", "sock=client at=warning code=H27 desc=\"Client Request Interrupted\"",
      status: "499"),
    .dyno(
      "CD", "200", response: "20",
      "sock=client at=warning code=H27 desc=\"Client Request Interrupted\"", status: "200"),
    .front("cR", "408", "at=warning code=H28 desc=\"Client Connection Idle\"", status: "408"),
    .dyno(
      "cD", "101", response: "20", "at=warning code=H28 desc=\"Client Connection Idle\"",
      status: "101"),
    .dyno("PD", "200", response: "20", "at=info", status: "200"),
  ]

  @Test(arguments: golden)
  func `each end of a request has Heroku's line`(golden: Golden) throws {
    let line = RequestsLine.with {
      ($0.termination, $0.status, $0.verdict) = (golden.flags, golden.noted, golden.verdict)
      ($0.server, $0.connect, $0.response) = (golden.server, golden.connect, golden.response)
    }
    let expected = "\(golden.start) \(Self.common) \(golden.rest) \(Self.end)"
    #expect(RouterLine.text(try line.record()) == expected)
  }

  @Test func `every code that there is has a golden line`() throws {
    let seen = try Self.golden.compactMap { golden in
      try RequestsLine.with {
        ($0.termination, $0.status, $0.verdict) = (golden.flags, golden.noted, golden.verdict)
        ($0.server, $0.connect, $0.response) = (golden.server, golden.connect, golden.response)
      }.record().code
    }
    #expect(Set(seen) == Set(HerokuCode.allCases))
  }

  @Test func `a client that left while it was held has seen nothing`() throws {
    let record = try RequestsLine.with {
      ($0.termination, $0.status, $0.verdict) = ("LR", "503", "H27")
      ($0.server, $0.response) = ("<NOSRV>", "-1")
    }.record()
    #expect(record.code == .h27 && record.status == 499)
  }

  @Test func `what was no request at all leaves its values empty`() throws {
    let record = try RequestsLine.with {
      ($0.backend, $0.server, $0.termination, $0.status) = ("web", "<NOSRV>", "PR", "400")
      ($0.method, $0.path, $0.version) = ("<BADREQ>", "<BADREQ><BADREQ>", "<BADREQ>")
      ($0.host, $0.id, $0.connect, $0.response) = ("-", "-", "-1", "-1")
    }.record()
    #expect(
      RouterLine.text(record)
        == "at=error code=H26 desc=\"Request Error\" method= path=\"\" host= request_id= "
        + "fwd=\"10.0.0.7\" dyno= connect= service= status=400 bytes=915 protocol= tls=false")
  }

  @Test func `TLS and HTTP 2 are said as Router 2.0 says them`() throws {
    let record = try RequestsLine.with { ($0.version, $0.tls) = ("HTTP/2.0", "TLSv1.3") }.record()
    #expect(
      RouterLine.text(record).hasSuffix(
        "status=200 bytes=915 protocol=http2.0 tls=true tls_version=tls1.3"))
  }

  @Test(arguments: [
    (#"/x#22 status=200 #22"#, "/x%22%20status=200%20%22"),
    ("/x#0Aheroku[router]:", "/x%0Aheroku[router]:"),
    ("/x#09at=info", "/x%09at=info"),
    (#"/x\" dyno=web.9"#, "/x%5C%22%20dyno=web.9"),
    ("/a#23b#7Bc#7D", "/a#b{c}"),
    ("/#1B[2J#E2#80#AE", "/%1B[2J%E2%80%AE"),
    ("/#ZZ#2", "/#ZZ#2"),
    ("/%22?a=1&b=%0A", "/%22?a=1&b=%0A"),
  ])
  func `a path forges no key and no line`(path: String, shown: String) throws {
    let text = RouterLine.text(try RequestsLine.with { $0.path = path }.record())
    let keys = RequestsKeys.of(text)
    #expect(keys.first { $0.key == "path" }?.value == shown)
    #expect(
      keys.map(\.key) == [
        "at", "method", "path", "host", "request_id", "fwd", "dyno", "connect", "service", "status",
        "bytes", "protocol", "tls",
      ])
  }

  @Test func `a host, a method, an id and a server forge none either`() throws {
    let text = RouterLine.text(
      try RequestsLine.with {
        $0.host = "a dyno=web.9 x=\"#22"
        $0.method = "GET status=200"
        $0.id = "1 at=error"
        $0.server = "x dyno=web.9"
        $0.client = "1.2.3.4\" dyno=\"web.9"
      }.record())
    let keys = RequestsKeys.of(text)
    #expect(keys.filter { $0.key == "dyno" }.map(\.value) == [""])
    #expect(keys.filter { $0.key == "status" }.map(\.value) == ["200"])
    #expect(keys.first { $0.key == "host" }?.value == "a%20dyno%3Dweb.9%20x%3D%22%22")
  }

  @Test func `losses say how many, when, and who lost them`() {
    let loss = RequestLoss(
      .handover, count: 12, from: LoopTime(milliseconds: 1_800_000_000_123),
      at: LoopTime(milliseconds: 1_800_000_060_000))
    #expect(
      RouterLine.text(loss)
        == "at=warning code=L13 desc=\"12 request lines were dropped between "
        + "2027-01-15T08:00:00.123Z and 2027-01-15T08:01:00.000Z: they came faster than they were "
        + "taken\" dropped=12")
    for cause in RequestLoss.Cause.allCases {
      let one = RequestLoss(cause, count: 1, from: loss.from, at: loss.at)
      #expect(RequestEntry(stored: one.stored.dropLast()) == .loss(one))
      let keys = RequestsKeys.of(RouterLine.text(one)).map(\.key)
      #expect(keys == ["at", "code", "desc", "dropped"])
    }
  }
}
