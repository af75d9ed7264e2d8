// MUSTER_CRASH_AT as text.

import Looping
import Testing

@testable import ControlLoop

@Suite struct CrashPointTests {
  @Test(arguments: ["3:before", "1:after", "27:unrecorded"])
  func `a number and a moment make a crash point`(text: String) throws {
    let point = try #require(CrashPoint(text))
    #expect("\(point.number):\(point.moment.rawValue)" == text)
  }

  @Test(arguments: [
    "", "3", "3:", ":before", "0:before", "-1:after", "x:before", "3:later", "3:a:b",
  ])
  func `anything else makes none`(text: String) {
    #expect(CrashPoint(text) == nil)
  }
}
