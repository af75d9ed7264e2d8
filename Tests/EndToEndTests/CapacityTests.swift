// What the machine has, on real containers: a formation that does not fit waits while everything
// runs on, and a deploy without room for a surge stops first.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized, .enabled(if: MemoryShare.ofTwo != nil, "one percent of memory is too much"))
  struct CapacityTests {
    @Test func `what does not fit is held, and a deploy without room stops first`() throws {
      let percent = try #require(MemoryShare.ofTwo)
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.write("capacity: {memory: \(percent)%}\n", to: "platform.yaml")
      try platform.writeApp("tiny", web: 2, worker: 0)
      try platform.commit()
      try platform.converge()
      let before = try platform.ps()
      try #require(before.count { $0.state == "up" } == 2)

      // More than fits.
      try platform.writeApp("tiny", web: 3, worker: 0)
      try platform.commit("More")
      let held = try platform.muster("reconcile")
      #expect(held.code == 3, "\(held)")
      let holds = try platform.muster("holds").output
      #expect(holds.contains("capacity/tiny") && holds.contains("1.5 GB"), "\(holds)")
      #expect(try platform.ps() == before)

      // Other content, which fits, and no dyno beside those that run.
      try platform.writeApp("tiny", greeting: "again", web: 2, worker: 0)
      try platform.commit("Other content")
      let plan = try platform.muster("plan").output
      #expect(plan.contains("stopped first, 512 MB beside it do not fit"), "\(plan)")
      try platform.converge()
      let after = try platform.ps()
      #expect(after.count { $0.state == "up" && $0.release == 2 } == 2, "\(after)")

      // With room it is as it was.
      try platform.write("capacity: {memory: \(2 * percent)%}\n", to: "platform.yaml")
      try platform.writeApp("tiny", greeting: "and again", web: 3, worker: 0)
      try platform.commit("Room")
      let roomy = try platform.muster("plan").output
      #expect(!roomy.contains("stopped first"), "\(roomy)")
      try platform.converge()
      #expect(try platform.ps().count { $0.state == "up" && $0.release == 3 } == 3)
    }
  }
}

/// Shares of this machine's memory.
private enum MemoryShare {
  /// Percent in which two dynos of 512 MB fit, and three do not; nil where there is no such share.
  static var ofTwo: Int? {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let words = text.split(whereSeparator: \.isWhitespace)
    let kilobytes = words.count > 1 ? Int(words[1]) ?? 0 : 0
    let room = (2 << 19)..<(3 << 19)
    return (1...499).first { room.contains($0 * kilobytes / 100) }
  }
}
