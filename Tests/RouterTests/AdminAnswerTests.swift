// What is read from HAProxy's answers, and that no answer can bring Muster down.

import FormationModel
import Testing

@testable import Router

@Suite struct AdminAnswerTests {
  private static let state = """
    1
    # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight \
    srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state \
    srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl \
    srv_check_port srv_check_addr srv_agent_addr srv_agent_port
    3 app.shop 1 shop.web.1.v1.1 10.64.0.1 2 0 1 1 0 1 0 2 0 0 0 0 - 8080 - 0 0 - - 0
    3 app.shop 2 shop.web.2.v1.1 10.64.0.2 0 5 1 1 0 1 0 0 8 0 0 0 - 8080 - 0 0 - - 0
    3 app.shop 3 shop.web.3.v1.1 10.64.0.3 2 4 1 1 0 1 0 0 8 0 0 0 - 8081 - 0 0 - - 0

    """

  @Test func `servers are read with what keeps them from taking requests`() throws {
    let servers = try #require(AdminAnswer.servers(Self.state))
    #expect(servers.map(\.name) == ["shop.web.1.v1.1", "shop.web.2.v1.1", "shop.web.3.v1.1"])
    #expect(servers.map(\.isOut) == [false, true, false])
    #expect(servers.map(\.port) == [8080, 8080, 8081])
    #expect(AdminAnswer.servers("No such backend.\n") == nil)
  }

  @Test func `maps are read in their order`() throws {
    let entries = try #require(AdminAnswer.map("0x55 b.test app.b\n0x56 a.test app.a\n\n"))
    #expect(entries.map(\.key) == ["b.test", "a.test"])
    #expect(try #require(AdminAnswer.map("\n")).isEmpty)
    #expect(AdminAnswer.map("Unknown map identifier.\n") == nil)
  }

  @Test func `sessions are read by the name of the column`() {
    let text = "# pxname,svname,qcur,scur,\napp.shop,a,0,3,\napp.shop,b,0,0,\n"
    #expect(AdminAnswer.sessions(text) == ["a": 3, "b": 0])
    #expect(AdminAnswer.sessions("app.shop,a,0,3\n") == nil)
  }

  @Test func `no answer crashes a reader`() {
    var chance = SplitMix(state: 41)
    let seed = Array((Self.state + "0x1 a b\n# pxname,svname,scur,\na,b,1,\nPid: 7\n").utf8)
    for _ in 0..<4000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...40, using: &chance) {
        let place = Int.random(in: 0..<bytes.count, using: &chance)
        switch UInt8.random(in: 0...3, using: &chance) {
        case 0: bytes[place] = .random(in: .min ... .max, using: &chance)
        case 1: bytes.remove(at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 30))
        default: bytes.insert(contentsOf: [0x20, 0x0A, 0x2C], at: place)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      _ = AdminAnswer.servers(text)
      _ = AdminAnswer.sessions(text)
      _ = AdminAnswer.map(text)
      _ = AdminAnswer.version(text)
      _ = AdminAnswer.backendSessions(text)
      _ = AdminAnswer.number("Pid", in: text)
    }
  }
}

/// Chance from a seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
