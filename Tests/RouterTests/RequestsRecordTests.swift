// Reading request lines: what HAProxy writes, what breaks off, and what nobody should have sent.

import FormationModel
import Testing

@testable import Router

@Suite struct RequestsRecordTests {
  @Test func `a line gives every field`() throws {
    let record = try RequestsLine.with {
      $0.queue = "2"
      $0.tls = "TLSv1.3"
      $0.version = "HTTP/2.0"
      $0.retries = "+1"
      $0.counter = "42"
    }.record()
    #expect(record.accepted == LoopTime(milliseconds: 1_800_000_000_123))
    #expect(record.app?.rawValue == "shop")
    #expect(record.instance.map { "\($0)" } == "shop.web.1.v7.3")
    #expect((record.verdict, record.termination, record.notedStatus) == (nil, "--", 200))
    #expect((record.method, record.path, record.host) == ("GET", "/", "shop.localhost"))
    #expect((record.requestID, record.client) == ("U", "10.0.0.7"))
    #expect(record.queue == .milliseconds(2) && record.connect == .milliseconds(1))
    #expect(record.response == .milliseconds(20) && record.total == .milliseconds(40))
    #expect(record.service == .milliseconds(37))
    #expect((record.bytes, record.version, record.tls) == (915, "http2.0", "tls1.3"))
    #expect((record.retries, record.counter, record.process) == (1, 42, 77))
  }

  @Test func `what HAProxy does not know is unknown`() throws {
    let record = try RequestsLine.with {
      $0.backend = "no-such-app"
      $0.server = "<NOSRV>"
      ($0.queue, $0.connect, $0.response, $0.total) = ("-1", "-1", "-1", "-1")
      ($0.status, $0.bytes) = ("-1", "-")
    }.record()
    #expect(record.app == nil && record.instance == nil && record.notedStatus == nil)
    #expect(record.queue == nil && record.connect == nil && record.response == nil)
    #expect(record.total == nil && record.service == nil && record.bytes == nil)
  }

  @Test func `a syslog header in front is passed over`() throws {
    let line = "<134>Nov 27 04:00:00 router haproxy[77]: " + RequestsLine().text
    let record = RequestRecord(Array(line.utf8)[...], at: LoopTime(milliseconds: 1))
    #expect(record?.host == "shop.localhost" && record?.process == 77)
  }

  @Test func `a line that was cut off keeps what is whole, and what there is of the path`() throws {
    let long = RequestsLine.with { $0.path = "/" + String(repeating: "x", count: 9_000) }
    let cut = RequestRecord(long.bytesOfLine.prefix(4_095), at: LoopTime(milliseconds: 1))
    #expect(cut?.path.hasPrefix("/xxx") == true && (3_900..<4_095) ~= cut?.path.utf8.count ?? 0)
    #expect(cut?.status == 200 && cut?.host == "shop.localhost" && cut?.process == 77)
  }

  @Test(arguments: [
    "", "m2", "m2\t", "m2\t1800000000.123\t40\tapp.shop", "\t\t\t\t\t\t\t\t\t\t", "<134>m2\t",
    RequestsLine.with { $0.accepted = "never" }.text,
    RequestsLine.with { $0.accepted = "99999999999999999999.123" }.text,
    "m1" + RequestsLine().text.dropFirst(2),
  ])
  func `what is no request line is none`(line: String) {
    #expect(RequestRecord(Array(line.utf8)[...], at: LoopTime(milliseconds: 1)) == nil)
  }

  @Test func `whatever bytes come, reading and rendering end, in one harmless line`() {
    var chance = RequestsChance(seed: 7)
    let seeds = [
      RequestsLine().bytesOfLine, RequestsLine.with { $0.path = "/#22#0A#ZZ#" }.bytesOfLine,
      RequestsLine.with { ($0.status, $0.total, $0.bytes) = ("-1", "-1", "99999999999999") }
        .bytesOfLine,
    ]
    var read = 0
    for round in 0..<20_000 {
      var bytes = seeds[round % seeds.count]
      if round % 4 == 0 {
        bytes = (0..<Int.random(in: 0...300, using: &chance)).map { _ in
          UInt8.random(in: 0...255, using: &chance)
        }
        bytes = Array("m2\t1.0\t".utf8) + bytes
      }
      for _ in 0..<Int.random(in: 0...6, using: &chance) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &chance)
        switch Int.random(in: 0...2, using: &chance) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8.random(in: 0...255, using: &chance), at: place)
        }
      }
      guard let record = RequestRecord(bytes[...], at: LoopTime(milliseconds: 1)) else { continue }
      read += 1
      let text = RouterLine.text(record)
      #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
      #expect(RequestsKeys.of(text).map(\.key).filter { $0 == "status" }.count == 1)
      #expect(text.utf8.count { $0 == UInt8(ascii: "\"") } == (record.code == nil ? 4 : 6))
    }
    #expect(read > 7_000)
  }
}

/// Numbers that look random, the same for the same seed.
struct RequestsChance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Reads a router line as its readers do: `key=value` or `key="value"`, separated by spaces.
enum RequestsKeys {
  static func of(_ line: String) -> [(key: String, value: String)] {
    var keys: [(String, String)] = []
    var rest = line[...]
    while let equals = rest.firstIndex(of: "=") {
      let key = String(rest[..<equals])
      rest = rest[rest.index(after: equals)...]
      let end: Substring.Index
      if rest.first == "\"" {
        rest = rest.dropFirst()
        end = rest.firstIndex(of: "\"") ?? rest.endIndex
        keys.append((key, String(rest[..<end])))
        rest = rest[end...].dropFirst()
      } else {
        end = rest.firstIndex(of: " ") ?? rest.endIndex
        keys.append((key, String(rest[..<end])))
        rest = rest[end...]
      }
      rest = rest.drop { $0 == " " }
    }
    return keys
  }
}
