// Who gets which cores.

import FormationModel
import Testing

@testable import ContainerRuntimes

@Suite struct CoreSharesTests {
  private func claim(_ ordinal: Int, due: Int, held: [Int] = []) throws -> CoreClaim {
    let app = try #require(AppName(rawValue: "shop"))
    return CoreClaim(
      id: InstanceID(slot: SlotID(app, .web, ordinal), release: 1, attempt: 1), due: due,
      held: held)
  }

  /// `web.1 2,3 | web.2 - | 0,1`: who has what, and what is left.
  private func shares(_ cores: Int, _ claims: CoreClaim...) -> String {
    let shares = CoreShares(of: Array(0..<cores), among: claims)
    let own = shares.own.sorted { $0.key < $1.key }.map { id, cores in
      "\(id.slot.dynoName) \(cores.isEmpty ? "-" : CoreList.text(of: cores))"
    }
    return (own + [CoreList.text(of: shares.shared)]).joined(separator: " | ")
  }

  @Test func `each gets what it is due, and one core is left to all others`() throws {
    #expect(shares(4) == "0,1,2,3")
    #expect(try shares(4, claim(1, due: 2)) == "web.1 2,3 | 0,1")
    #expect(try shares(4, claim(1, due: 2), claim(2, due: 2)) == "web.1 2,3 | web.2 - | 0,1")
    #expect(try shares(4, claim(1, due: 4), claim(2, due: 2)) == "web.1 - | web.2 2,3 | 0,1")
    #expect(try shares(2, claim(1, due: 2), claim(2, due: 1)) == "web.1 - | web.2 1 | 0")
    #expect(try shares(1, claim(1, due: 2)) == "web.1 - | 0")
  }

  @Test func `whoever has what it is due keeps it`() throws {
    let first = try claim(1, due: 2)
    let second = try claim(2, due: 2, held: [2, 3])
    #expect(shares(4, first, second) == "web.1 - | web.2 2,3 | 0,1")
    #expect(try shares(4, claim(1, due: 2, held: [1])) == "web.1 2,3 | 0,1")
    #expect(try shares(4, claim(1, due: 1, held: [2, 3])) == "web.1 3 | 0,1,2")
    // What is not there any more, and the first one, are nobody's.
    #expect(try shares(2, claim(1, due: 2, held: [0, 1, 7])) == "web.1 - | 0,1")
  }

  @Test func `whoever replaces one that has cores boots on them, too`() throws {
    let app = try #require(AppName(rawValue: "shop"))
    func id(_ ordinal: Int, _ attempt: Int) -> InstanceID {
      InstanceID(slot: SlotID(app, .web, ordinal), release: attempt, attempt: attempt)
    }
    let shares = CoreShares(
      of: [0, 1, 2, 3],
      among: [
        CoreClaim(id: id(1, 1), due: 2, held: [2, 3]), CoreClaim(id: id(1, 2), due: 2, held: []),
        CoreClaim(id: id(2, 1), due: 2, held: []),
      ])
    #expect(shares.cores(for: id(1, 1)) == [2, 3])
    #expect(shares.cores(for: id(1, 2)) == [0, 1, 2, 3])
    #expect(shares.cores(for: id(2, 1)) == [0, 1])
    #expect(shares.cores(for: id(3, 1)) == [0, 1], "it is due none")
  }

  @Test func `no two share a core, whatever they have`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let cores = Array(0..<Int.random(in: 1...9, using: &random))
      let claims = try (1...Int.random(in: 1...5, using: &random)).map { ordinal in
        let held = (0..<10).filter { _ in Bool.random(using: &random) }
        return try claim(ordinal, due: Int.random(in: 0...4, using: &random), held: held)
      }
      let shares = CoreShares(of: cores, among: claims)
      let all = shares.own.values.joined() + shares.shared
      #expect(all.sorted() == cores, "\(claims)")
      #expect(shares.shared.contains(0))
      for claim in claims {
        #expect([0, claim.due].contains(shares.own[claim.id]?.count ?? 0), "\(claims)")
      }
      // Divided again, nothing changes.
      let again = claims.map { CoreClaim(id: $0.id, due: $0.due, held: shares.own[$0.id] ?? []) }
      #expect(CoreShares(of: cores, among: again) == shares, "\(claims)")
    }
  }

  @Test(arguments: [
    ("0-3,6\n", [0, 1, 2, 3, 6]), ("0\n", [0]), ("\n", []), ("5,1-2", [1, 2, 5]),
  ])
  func `lists are read as the kernel writes them`(_ text: String, _ cores: [Int]) {
    #expect(CoreList.cores(in: text) == cores)
  }

  @Test(arguments: ["a", "1-", "-1", "3-1", "0-99999999999", "1-2-3", "0-8192"])
  func `anything else is no list`(_ text: String) { #expect(CoreList.cores(in: text) == nil) }
}
