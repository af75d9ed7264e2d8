// Deploy windows: times of the week, in the wall-clock time of a zone, in which what a new commit
// asks for waits. Their moments on the time line come in as values, like digests.

/// One entry of an app's `windows`.
package struct DeployWindow: Hashable, Codable, Sendable {
  /// What the window says of its time.
  package enum Rule: String, Codable, Sendable, CaseIterable {
    /// Nothing is deployed then.
    case deny
    /// Deploys happen then, or in another such window.
    case allow
  }

  /// What it says of its time.
  package let rule: Rule
  /// The time of week, as it was written: `Fri 16:00 - Mon 07:00`.
  package let text: String
  /// The same, day by day.
  package let stretches: [WeekStretch]
  /// The name of the time zone.
  package let zone: String

  /// Makes a window.
  package init(_ rule: Rule, _ text: String, _ stretches: [WeekStretch], zone: String) {
    self.rule = rule
    self.text = text
    self.stretches = stretches
    self.zone = zone
  }
}

extension DeployWindow: CustomStringConvertible {
  /// `deny Fri 16:00 - Mon 07:00 Europe/Berlin`.
  package var description: String { "\(rule.rawValue) \(text) \(zone)" }
}

/// A part of the week without a gap, in wall-clock time.
package struct WeekStretch: Hashable, Codable, Sendable {
  /// The day on which it begins; 0 is Monday.
  package let day: Int
  /// The minute of that day, 0 to 1440.
  package let from: Int
  /// How many days later it ends, 0 to 7.
  package let days: Int
  /// The minute of the day on which it ends, 0 to 1440; it is not in it.
  package let to: Int

  /// Makes a stretch.
  package init(day: Int, from: Int, days: Int, to: Int) {
    self.day = day
    self.from = from
    self.days = days
    self.to = to
  }
}

/// A minute of the week, as a clock on the wall shows it.
package struct WeekClock: Hashable, Codable, Sendable {
  /// The day; 0 is Monday.
  package let day: Int
  /// The minute of the day.
  package let minute: Int

  /// Makes a time of week.
  package init(day: Int, minute: Int) {
    self.day = day
    self.minute = minute
  }
}

/// One time that a window has, with its ends on the time line.
package struct WindowTime: Hashable, Codable, Sendable {
  /// When it begins.
  package let from: LoopTime
  /// When it is over; that moment is not in it.
  package let to: LoopTime
  /// What the clocks of its zone show at both.
  package let clocks: [WeekClock]

  /// Makes a time.
  package init(_ from: LoopTime, _ to: LoopTime, clocks: [WeekClock] = []) {
    self.from = from
    self.to = to
    self.clocks = clocks
  }

  /// Whether the moment is in it.
  package func covers(_ time: LoopTime) -> Bool { from <= time && time < to }
}

/// The times of windows in the days around now.
package struct WindowCalendar: Hashable, Codable, Sendable {
  /// Each window's times, the first one first. Of a window that is not here nothing is known, and
  /// nothing waits for it: a review looks at no clock.
  package var times: [DeployWindow: [WindowTime]]

  /// Makes a calendar; an empty one for a review.
  package init(_ times: [DeployWindow: [WindowTime]] = [:]) { self.times = times }
}

extension Memory {
  /// The windows of every app in force: what is deployed next is judged by them.
  package var windows: Set<DeployWindow> {
    Set(apps.values.flatMap { $0.accepted?.windows ?? [] })
  }
}
