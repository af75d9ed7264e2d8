// From times of week to moments: wall-clock time of a zone, with its daylight saving.

import FormationModel
import Foundation

/// The days around one day, in one time zone.
struct WeekCalendar {
  private static let daySeconds = 86_400
  /// Days before and after: a time of seven days that began a week ago is in it, and so is the next
  /// opening of anything that ever opens.
  private static let days = -8...16

  /// The offset from UTC, in seconds, that is in force at a second since 1970-01-01 UTC.
  let offset: (Int) -> Int

  /// The number of the day in UTC: what is computed is the same all day long.
  static func day(of time: LoopTime) -> Int {
    Int((Double(time.milliseconds) / 86_400_000).rounded(.down))
  }

  /// The times of these windows around a day.
  static func calendar(of windows: Set<DeployWindow>, around day: Int) -> WindowCalendar {
    WindowCalendar(
      Dictionary(
        windows.map { ($0, times(of: $0, around: day)) }, uniquingKeysWith: { first, _ in first }))
  }

  private static func times(of window: DeployWindow, around day: Int) -> [WindowTime] {
    guard let zone = TimeZone(identifier: window.zone) else {
      // A zone of a newer Muster: nobody knows when it opens, and consent is what is left.
      let always = WindowTime(LoopTime(milliseconds: .min), LoopTime(milliseconds: .max))
      return window.rule == .deny ? [always] : []
    }
    let calendar = WeekCalendar {
      zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval($0)))
    }
    return calendar.times(of: window.stretches, around: day)
  }

  /// The times of the stretches, the first one first. What the clocks show twice belongs to a time
  /// both times, and all between; a minute that they jump over is the moment of the jump.
  func times(of stretches: [WeekStretch], around day: Int) -> [WindowTime] {
    let times = Self.days.flatMap { distance -> [WindowTime] in
      let local = day + distance
      let begun = stretches.filter { $0.day == Self.weekday(local) }
      return begun.compactMap { stretch -> WindowTime? in
        let from = moments(minute: local * 1440 + stretch.from).first
        let to = end(minute: (local + stretch.days) * 1440 + stretch.to)
        guard from < to else { return nil }
        return WindowTime(time(from), time(to), clocks: [clock(from), clock(to)])
      }
    }
    return times.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  /// The second at which the minute before that one is over for good: the minute itself may be
  /// shown once more, an hour after the end.
  private func end(minute: Int) -> Int {
    let last = moments(minute: minute - 1)
    return last.isShown ? last.last + 60 : last.last
  }

  /// The first and the last second at which the clocks begin to show that minute, counted from
  /// 1970-01-01 in the zone's own time; where they never do, the second of the jump.
  private func moments(minute: Int) -> (first: Int, last: Int, isShown: Bool) {
    let shown = minute * 60
    let (before, after) = (offset(shown - Self.daySeconds), offset(shown + Self.daySeconds))
    let found = [max(before, after), min(before, after)].map { shown - $0 }
      .filter { $0 + offset($0) == shown }
    if let first = found.first, let last = found.last { return (first, last, true) }
    let jump = change(after: shown - Self.daySeconds, before: shown + Self.daySeconds)
    return (jump, jump, false)
  }

  /// The second at which the offset changes between two seconds.
  private func change(after: Int, before: Int) -> Int {
    var (low, high) = (after, before)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if offset(middle) == offset(after) { low = middle } else { high = middle }
    }
    return high
  }

  private func time(_ second: Int) -> LoopTime { LoopTime(milliseconds: Int64(second) * 1000) }

  private func clock(_ second: Int) -> WeekClock {
    let shown = second + offset(second)
    let day = Int((Double(shown) / Double(Self.daySeconds)).rounded(.down))
    return WeekClock(day: Self.weekday(day), minute: (shown - day * Self.daySeconds) / 60)
  }

  /// 0 for Monday; 1970-01-01 was a Thursday.
  private static func weekday(_ day: Int) -> Int { ((day + 3) % 7 + 7) % 7 }
}
