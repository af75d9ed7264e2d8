// The format that conmon writes.

import Effects
import FormationModel
import Testing

@testable import ContainerRuntimes

@Suite struct LogLineParserTests {
  private func parser() throws -> LogLineParser {
    let app = try #require(AppName(rawValue: "shop"))
    return LogLineParser(InstanceID(slot: SlotID(app, .web, 1), release: 1, attempt: 1))
  }

  @Test func `pieces of a line are put together, by stream`() throws {
    var parser = try parser()
    let lines = parser.lines(
      """
      2026-11-22T03:04:11.123456789+01:00 stdout P one\u{20}
      2026-11-22T03:04:12.000000000+01:00 stderr F between
      2026-11-22T03:04:13.000000000+01:00 stdout F line

      """.utf8)
    #expect(lines.map(\.text) == ["between", "one line"])
    #expect(lines.map(\.isError) == [true, false])
    #expect(lines.last?.at == LoopTime(milliseconds: 1_795_313_051_123))
  }

  @Test func `bytes may come in any portions`() throws {
    let text = "2026-11-22T03:04:11.5Z stdout F héllo  two\n2026-11-22T03:04:11Z stdout F \n"
    var whole = try parser()
    var single = try parser()
    let expected = whole.lines(text.utf8)
    #expect(expected.map(\.text) == ["héllo  two", ""])
    #expect(text.utf8.flatMap { single.lines([$0]) } == expected)
  }

  @Test func `what is not conmon's is skipped, an end that is missing is not`() throws {
    var parser = try parser()
    #expect(parser.lines("garbage\n\nx y z\n2026-13-22T03:04:11Z stdout F no\n".utf8) == [])
    #expect(parser.lines("2026-11-22T03:04:11Z stdout P prompt>\n".utf8) == [])
    #expect(parser.unfinished().map(\.text) == ["prompt>"])
    #expect(parser.unfinished() == [])
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00.001Z", 951_825_600_001),
    ("2026-11-22T03:04:11+00:00", 1_795_316_651_000),
    ("2024-12-31T23:59:59.999999-05:30", 1_735_709_399_999),
  ])
  func `times are read to the millisecond`(_ text: String, _ expected: Int64) {
    #expect(LoopTime(rfc3339: Array(text.utf8)[...])?.milliseconds == expected)
  }
}
