// Times of week on the time line: wall-clock time of a zone, across changes of its clocks.

import FormationModel
import Foundation
import Testing

@testable import ControlLoop

@Suite struct `A week's calendar` {
  /// One window around one day, and the time that it has on that day, in UTC.
  struct Row: Sendable, CustomStringConvertible {
    let zone: String
    let stretch: WeekStretch
    let time: String

    init(_ zone: String, _ day: Int, _ from: String, _ to: String, days: Int = 0, _ time: String) {
      self.zone = zone
      stretch = WeekStretch(day: day, from: Self.minute(from), days: days, to: Self.minute(to))
      self.time = time
    }

    var description: String { "\(zone) \(time)" }

    private static func minute(_ text: String) -> Int {
      let parts = text.split(separator: ":").compactMap { Int($0) }
      return parts.count == 2 ? parts[0] * 60 + parts[1] : -1
    }
  }

  private static let (monday, friday, saturday, sunday) = (0, 4, 5, 6)

  static let rows: [Row] = [
    Row("UTC", monday, "08:00", "16:00", "2026-03-30T08:00Z 2026-03-30T16:00Z"),
    // Berlin: 2026-03-29 02:00 becomes 03:00, 2026-10-25 03:00 becomes 02:00.
    Row("Europe/Berlin", friday, "16:00", "07:00", days: 3, "2026-03-27T15:00Z 2026-03-30T05:00Z"),
    Row("Europe/Berlin", friday, "16:00", "07:00", days: 3, "2026-10-23T14:00Z 2026-10-26T06:00Z"),
    Row("Europe/Berlin", sunday, "02:30", "04:00", "2026-03-29T01:00Z 2026-03-29T02:00Z"),
    Row("Europe/Berlin", sunday, "01:00", "02:30", "2026-03-29T00:00Z 2026-03-29T01:00Z"),
    Row("Europe/Berlin", sunday, "01:00", "03:00", "2026-03-29T00:00Z 2026-03-29T01:00Z"),
    Row("Europe/Berlin", sunday, "02:10", "02:50", "2026-03-29 none"),
    Row("Europe/Berlin", sunday, "02:30", "02:45", "2026-10-25T00:30Z 2026-10-25T01:45Z"),
    Row("Europe/Berlin", sunday, "01:00", "02:00", "2026-10-24T23:00Z 2026-10-25T00:00Z"),
    Row("Europe/Berlin", sunday, "00:00", "24:00", "2026-10-24T22:00Z 2026-10-25T23:00Z"),
    // New York: 2026-03-08 02:00 becomes 03:00, 2026-11-01 02:00 becomes 01:00.
    Row(
      "America/New_York", saturday, "22:00", "06:00", days: 1,
      "2026-03-08T03:00Z 2026-03-08T10:00Z"),
    Row("America/New_York", sunday, "01:30", "03:00", "2026-11-01T05:30Z 2026-11-01T08:00Z"),
    Row("America/New_York", sunday, "02:30", "12:00", "2026-03-08T07:00Z 2026-03-08T16:00Z"),
    // Lord Howe, by half an hour: 2026-04-05 02:00 becomes 01:30, 2026-10-04 02:00 becomes 02:30.
    Row("Australia/Lord_Howe", sunday, "01:30", "01:45", "2026-04-04T14:30Z 2026-04-04T15:15Z"),
    Row("Australia/Lord_Howe", sunday, "00:00", "24:00", "2026-04-04T13:00Z 2026-04-05T13:30Z"),
    Row("Australia/Lord_Howe", sunday, "02:15", "03:00", "2026-10-03T15:30Z 2026-10-03T16:00Z"),
    Row("Australia/Lord_Howe", sunday, "00:00", "24:00", "2026-10-03T13:30Z 2026-10-04T13:00Z"),
  ]

  @Test(arguments: rows) func `has its times in wall-clock time`(_ row: Row) throws {
    let words = row.time.split(separator: " ").map(String.init)
    let near = try #require(Self.time(words[0].contains("T") ? words[0] : words[0] + "T00:00Z"))
    let window = DeployWindow(.deny, "", [row.stretch], zone: row.zone)
    let calendar = WeekCalendar.calendar(of: [window], around: WeekCalendar.day(of: near))
    let times = try #require(calendar.times[window])
    let found = times.filter { abs(($0.from - near).inMilliseconds) < 86_400_000 }
      .map { "\(Self.text($0.from)) \(Self.text($0.to))" }
    #expect(found == (words[1] == "none" ? [] : [row.time]))
  }

  @Test func `says what the clocks show at both ends`() throws {
    let stretch = WeekStretch(day: Self.saturday, from: 0, days: 1, to: 1440)
    let window = DeployWindow(.deny, "Sat 00:00 - Sun 24:00", [stretch], zone: "Asia/Kolkata")
    let calendar = WeekCalendar.calendar(of: [window], around: 20_000)
    let clocks = try #require(calendar.times[window]).map(\.clocks)
    #expect(Set(clocks) == [[WeekClock(day: 5, minute: 0), WeekClock(day: 0, minute: 0)]])
  }

  @Test func `reaches from a week ago to nine days ahead, and is the same all day`() throws {
    let stretch = WeekStretch(day: Self.friday, from: 600, days: 7, to: 599)
    let window = DeployWindow(.deny, "", [stretch], zone: "America/New_York")
    let noon = try #require(Self.time("2026-11-27T12:00Z"))
    let day = WeekCalendar.day(of: noon)
    #expect(WeekCalendar.day(of: noon + .seconds(11 * 3600)) == day)
    #expect(WeekCalendar.day(of: noon + .seconds(12 * 3600)) == day + 1)
    let times = try #require(WeekCalendar.calendar(of: [window], around: day).times[window])
    #expect(times.contains { $0.covers(noon) })
    #expect(times.contains { $0.from > noon + .seconds(6 * 86_400) })
  }

  @Test func `of a zone that nobody knows is closed`() throws {
    let deny = DeployWindow(.deny, "", [], zone: "Mars/Base")
    let allow = DeployWindow(.allow, "", [], zone: "Mars/Base")
    let calendar = WeekCalendar.calendar(of: [deny, allow], around: 20_000)
    #expect(calendar.times[deny]?.first?.covers(LoopTime(milliseconds: 0)) == true)
    #expect(calendar.times[allow] == [])
  }

  private static func time(_ text: String) -> LoopTime? {
    format.date(from: text.replacing("Z", with: ":00Z")).map {
      LoopTime(milliseconds: Int64($0.timeIntervalSince1970) * 1000)
    }
  }

  private static func text(_ time: LoopTime) -> String {
    let date = Date(timeIntervalSince1970: TimeInterval(time.milliseconds) / 1000)
    return format.string(from: date).replacing(":00Z", with: "Z")
  }

  private static var format: ISO8601DateFormatter { ISO8601DateFormatter() }
}
