// Addresses, and what the kernel's tables say about ports.

import FormationModel
import Testing

@testable import ContainerRuntimes

@Suite struct NetworkValueTests {
  @Test func `addresses are read and written`() {
    #expect(IPv4("10.64.0.2")?.description == "10.64.0.2")
    for wrong in ["", "10.64.0", "10.64.0.256", "10.64.0.2.1", "a.b.c.d", "10..0.1", "-1.0.0.0"] {
      #expect(IPv4(wrong) == nil)
    }
  }

  @Test func `networks overlap when one holds the other`() {
    let pool = AddressClaim.everyone
    #expect(pool.description == "10.64.0.0/10")
    #expect(pool.overlaps(IPv4Network(10 << 24, bits: 8)))
    #expect(IPv4Network(10 << 24 | 100 << 16, bits: 24).overlaps(pool))
    #expect(!pool.overlaps(IPv4Network(10 << 24, bits: 16)))
    #expect(!pool.overlaps(IPv4Network(192 << 24 | 168 << 16, bits: 16)))
  }

  @Test func `addresses go round, and run out with a reason`() throws {
    let claim = AddressClaim(network: IPv4Network(10 << 24 | 64 << 16, bits: 29))
    let pool = AddressPool(claim, inUse: [IPv4(10 << 24 | 64 << 16 | 3)])
    let taken = try (1...4).map { _ in try pool.take().description }
    #expect(taken == ["10.64.0.4", "10.64.0.5", "10.64.0.6", "10.64.0.2"])
    let failure = #expect(throws: EffectFailure.self) { _ = try pool.take() }
    #expect(failure?.code == "no-address")
    pool.giveBack(IPv4(10 << 24 | 64 << 16 | 5))
    #expect(try pool.take().description == "10.64.0.5")
  }

  private static let header = "  sl  local_address rem_address   st tx_queue rx_queue\n"
  private static func row(_ local: String, _ state: String = "0A") -> String {
    header + "   0: \(local) 00000000:0000 \(state) 00000000:00000000 00:00000000 0 1000 0 1\n"
  }

  @Test(arguments: [
    ("00000000:1F90", PortProbe.Reach.everyone), ("0200400A:1F90", .everyone),
    ("0100007F:1F90", .loopback), ("0300400A:1F90", .loopback), ("00000000:1F91", .nobody),
    ("00000000000000000000000000000000:1F90", .everyone),
    ("00000000000000000000000001000000:1F90", .loopback),
    ("0000000000000000FFFF00000200400A:1F90", .everyone),
    ("0000000000000000FFFF00000100007F:1F90", .loopback),
    ("0000000000000000FFFF000000000000:1F90", .everyone), ("garbage", .nobody),
    ("zz:1F90", .loopback),
  ])
  func `reach is read from the kernel's tables`(_ local: String, _ expected: PortProbe.Reach)
    throws
  {
    let address = try #require(IPv4("10.64.0.2"))
    let reach = PortProbe.reach(port: 8080, at: address, tables: [Self.row(local)])
    #expect(reach == expected)
    let established = [Self.row(local, "01"), "", Self.header]
    #expect(PortProbe.reach(port: 8080, at: address, tables: established) == .nobody)
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\n", 200), ("HTTP/1.0 404\r\n", 404), ("HTTP/1.1 302 Found\n", 302),
    ("HTTP/1.1 99 No", nil), ("HTTP/2 200", nil), ("SSH-2.0-OpenSSH", nil), ("", nil),
    ("HTTP/1.1  ", nil), ("HTTP/1.1 99999999999999999999", nil),
  ])
  func `a status line is read, and nothing else taken for one`(_ head: String, _ code: Int?) {
    #expect(HTTPProbe.statusCode(Array(head.utf8)) == code)
  }
}
