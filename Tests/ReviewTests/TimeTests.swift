// Points in time and spans, as people and as programs read them.

import FormationModel
import Review
import Testing

@Suite struct `Times and spans` {
  @Test(
    arguments: [
      (400, "0.4s"), (9_940, "9.9s"), (40_000, "40s"), (220_000, "3m 40s"), (60_000, "1m"),
      (7_200_000, "2h"), (7_320_000, "2h 2m"), (90_000_000, "1d 1h"), (-5, "0s"), (0, "0s"),
      (Int64.max, "106751991167d 7h"),
    ] as [(Int64, String)])
  func `a span shows its two largest units`(milliseconds: Int64, words: String) {
    #expect(DurationText.span(.milliseconds(milliseconds)) == words)
  }

  @Test(
    arguments: [
      (0, "~ 0s ago"), (59, "~ 59s ago"), (120, "~ 2m ago"), (3_600, "~ 1h ago"),
      (89_999, "~ 24h ago"), (90_000, nil),
    ] as [(Int64, String?)])
  func `an age follows Heroku's rules`(seconds: Int64, words: String?) {
    #expect(DurationText.age(.seconds(seconds)) == words)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_769_857_200_120, "2026-01-31T11:00:00.120Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (Int64.max, "9999-12-31T23:59:59.999Z"),
      (Int64.min, "0001-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func `JSON carries UTC with milliseconds`(milliseconds: Int64, text: String) {
    #expect(TimeText.json(LoopTime(milliseconds: milliseconds)) == text)
  }

  @Test func `a stamp is in the reader's zone`() {
    let berlin = LocalClock(now: noon + .seconds(125)) { _ in 3600 }
    #expect(berlin.stamp(noon) == "2026/01/31 12:00:00 +0100")
    #expect(berlin.stampWithAge(noon) == "2026/01/31 12:00:00 +0100 (~ 2m ago)")
    let newfoundland = LocalClock(now: noon) { _ in -12_600 }
    #expect(newfoundland.stamp(noon) == "2026/01/31 07:30:00 -0330")
    #expect(berlin.stampWithAge(noon + .seconds(-200_000)) == "2026/01/29 04:26:40 +0100")
  }

  @Test func `a log line has Heroku's form, and cannot steer a terminal`() {
    func entry(_ text: String) -> LogEntry {
      LogEntry(at: noon, app: nil, source: .app, dyno: "web.1", text: text)
    }
    let line = LogText(escapes: true).line(entry("\u{1B}[2Jgone\u{202E}"))
    #expect(line == "2026-01-31T11:00:00.000000+00:00 app[web.1]: \\x1b[2Jgone\\u{202e}")
    let raw = LogText(escapes: false).line(entry("\u{1B}[0m"))
    #expect(raw.hasSuffix("app[web.1]: \u{1B}[0m"))
  }
}
