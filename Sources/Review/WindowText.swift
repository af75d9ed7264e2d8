// Words for closed deploy windows: what waits, until when, and which window says so.

import FormationModel
import Planning

/// Words for deploy windows.
enum WindowText {
  /// `a new release waits until Mon 07:00 Europe/Berlin (in 2d 3h): no deploys Fri 16:00 - Mon
  /// 07:00 Europe/Berlin`; without a time not in how long.
  static func words(_ closure: WindowClosure, now: LoopTime?) -> String {
    let window = closure.window
    let rule = window.rule == .deny ? "no deploys" : "deploys only"
    return "\(waiting(closure.waiting)) waits\(until(closure.opening, now)): "
      + "\(rule) \(window.text) \(window.zone)"
  }

  private static func waiting(_ waiting: WindowClosure.Waiting) -> String {
    switch waiting {
    case .firstRelease: "the first release"
    case .release: "a new release"
    case .settings: "a change of settings"
    case .removal: "its removal from git"
    }
  }

  private static func until(_ opening: WindowClosure.Opening?, _ now: LoopTime?) -> String {
    guard let opening else { return ", and its windows leave no time for it" }
    let clock = opening.clock.map { " \(words($0)) \(opening.zone)" }
    let rest = now.map { " (in \(DurationText.span(opening.at - $0)))" } ?? ""
    return " until" + (clock ?? " \(TimeText.json(opening.at))") + rest
  }

  /// `Mon 07:00`.
  private static func words(_ clock: WeekClock) -> String {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let day = days.indices.contains(clock.day) ? days[clock.day] : "?"
    return "\(day) \(pad(clock.minute / 60)):\(pad(clock.minute % 60))"
  }

  private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
