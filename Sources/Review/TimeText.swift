// Points in time, in the forms that people and programs read. Calendar arithmetic only; clocks and
// zones come in as values.

package import FormationModel

/// What "now" and "here" are: the shell reads the clock and the zone, rendering only uses them.
package struct LocalClock: Sendable {
  /// The time at which the text is read.
  package let now: LoopTime
  /// The offset from UTC in seconds that is in force at a time.
  package let offset: @Sendable (LoopTime) -> Int

  /// Makes a clock; the default zone is UTC.
  package init(now: LoopTime, offset: @escaping @Sendable (LoopTime) -> Int = { _ in 0 }) {
    self.now = now
    self.offset = offset
  }

  /// `2026/11/22 03:04:11 +0100`, as Heroku prints times.
  package func stamp(_ time: LoopTime) -> String {
    let seconds = offset(time)
    let parts = CalendarParts(time, offsetSeconds: seconds)
    let minutes = abs(seconds) / 60
    let zone = (seconds < 0 ? "-" : "+") + pad(minutes / 60, 2) + pad(minutes % 60, 2)
    return "\(pad(parts.year, 4))/\(pad(parts.month, 2))/\(pad(parts.day, 2)) "
      + "\(pad(parts.hour, 2)):\(pad(parts.minute, 2)):\(pad(parts.second, 2)) \(zone)"
  }

  /// `08:00` within the next 24 hours, else `2026/11/22 08:00`.
  package func hour(_ time: LoopTime) -> String {
    let parts = CalendarParts(time, offsetSeconds: offset(time))
    let hour = "\(pad(parts.hour, 2)):\(pad(parts.minute, 2))"
    if time >= now && time < now + .seconds(86_400) { return hour }
    return "\(pad(parts.year, 4))/\(pad(parts.month, 2))/\(pad(parts.day, 2)) \(hour)"
  }

  /// `2026/11/22 03:04:11 +0100 (~ 2m ago)`; without the age when it is over 25 hours.
  package func stampWithAge(_ time: LoopTime) -> String {
    DurationText.age(now - time).map { "\(stamp(time)) (\($0))" } ?? stamp(time)
  }
}

/// Forms of a time that do not depend on where they are read.
package enum TimeText {
  /// `2026-11-22T02:04:11.120Z`: what JSON carries.
  package static func json(_ time: LoopTime) -> String {
    let parts = CalendarParts(time, offsetSeconds: 0)
    return "\(date(parts))T\(clock(parts)).\(pad(parts.millisecond, 3))Z"
  }

  /// `2026-11-22T02:04:11Z`: what sentences carry that are kept.
  package static func seconds(_ time: LoopTime) -> String {
    let parts = CalendarParts(time, offsetSeconds: 0)
    return "\(date(parts))T\(clock(parts))Z"
  }

  /// `2026-11-22T02:04:11.120000+00:00`: what Heroku's log lines begin with.
  package static func log(_ time: LoopTime) -> String {
    let parts = CalendarParts(time, offsetSeconds: 0)
    return "\(date(parts))T\(clock(parts)).\(pad(parts.millisecond, 3))000+00:00"
  }

  private static func date(_ parts: CalendarParts) -> String {
    "\(pad(parts.year, 4))-\(pad(parts.month, 2))-\(pad(parts.day, 2))"
  }

  private static func clock(_ parts: CalendarParts) -> String {
    "\(pad(parts.hour, 2)):\(pad(parts.minute, 2)):\(pad(parts.second, 2))"
  }
}

/// A time taken apart by the Gregorian calendar.
private struct CalendarParts {
  let year: Int
  let month: Int
  let day: Int
  let hour: Int
  let minute: Int
  let second: Int
  let millisecond: Int

  init(_ time: LoopTime, offsetSeconds: Int) {
    // Times beyond the year 9999 do not come from a clock; they are shown as its last moment.
    let last: Int64 = 253_402_300_799_999
    let bounded = min(max(time.milliseconds, -62_135_596_800_000), last)
    let local = Int(min(max(bounded + Int64(offsetSeconds) * 1000, -62_135_596_800_000), last))
    let days = local.floorDivided(by: 86_400_000)
    let inDay = local - days * 86_400_000
    hour = inDay / 3_600_000
    minute = inDay / 60_000 % 60
    second = inDay / 1000 % 60
    millisecond = inDay % 1000
    // Days since 0000-03-01, in eras of 400 years: leap days come last, so no table is needed.
    let shifted = days + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}

extension Int {
  fileprivate func floorDivided(by divisor: Int) -> Int {
    self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
  }
}

private func pad(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
}
