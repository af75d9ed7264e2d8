// Deploy windows: what a new commit asks for waits while the app's windows are closed. Those of the
// version in force count, so that no commit opens a window for itself.

package import FormationModel

/// A closed deploy window, and what waits for it.
package struct WindowClosure: Hashable, Codable, Sendable {
  /// What waits.
  package enum Waiting: String, Codable, Sendable, CaseIterable {
    /// The first release of an app.
    case firstRelease
    /// A release with other content.
    case release
    /// Quantities, sizes, domains and other settings.
    case settings
    /// The end of an app that left git.
    case removal
  }

  /// The moment at which deploys are possible again.
  package struct Opening: Hashable, Codable, Sendable {
    /// When.
    package let at: LoopTime
    /// What the clocks of the zone show then; nil when it is not known.
    package let clock: WeekClock?
    /// The zone.
    package let zone: String

    /// Makes an opening.
    package init(at time: LoopTime, clock: WeekClock?, zone: String) {
      at = time
      self.clock = clock
      self.zone = zone
    }
  }

  /// The window that says no.
  package let window: DeployWindow
  /// When the next deploy is possible; nil: at no time that is known.
  package let opening: Opening?
  /// What waits.
  package let waiting: Waiting

  /// Makes a closure.
  package init(_ window: DeployWindow, opening: Opening?, waiting: Waiting) {
    self.window = window
    self.opening = opening
    self.waiting = waiting
  }
}

/// Judges one app's wish by the windows in force.
struct WindowJudge {
  /// What they come to.
  struct Answer {
    /// What holds the wish; nil when it may go ahead.
    var hold: Hold?
    /// Consent by which it goes ahead: for this very wish, and no other.
    var consent: HoldID?
  }

  let app: AppName
  /// What is in force; nil: nothing is.
  let memory: AppMemory?
  let calendar: WindowCalendar
  /// Confirmed holds, by hand.
  let confirmed: Set<HoldID>
  /// Holds that commits consent to which are not taken over yet: a trailer counts once, not for as
  /// long as its commit is the newest.
  let trailers: Set<HoldID>
  let now: LoopTime

  /// The answer for a wish; `running` are the app's instances.
  func judge(
    _ wish: DesiredApp, _ content: ReleaseContent?, running: [ObservedInstance]
  ) -> Answer {
    // Nobody else can judge the first wish.
    let rules = memory?.accepted ?? wish
    guard rules.windows != nil, let waiting = waiting(wish, content, running) else {
      return Answer()
    }
    return answer(rules, waiting, Self.name(wish, content))
  }

  /// The answer for an app that left git.
  func judgeLeaving() -> Answer {
    guard let rules = memory?.accepted, rules.windows != nil else { return Answer() }
    return answer(rules, .removal, "removal")
  }

  private func answer(
    _ rules: DesiredApp, _ waiting: WindowClosure.Waiting, _ name: String
  ) -> Answer {
    let id = HoldID("window/\(app)")
    let consent = HoldID("\(id)@\(name)")
    if confirmed.contains(id) || trailers.contains(id) || confirmed.contains(consent) {
      return Answer(consent: consent)
    }
    let schedule = WindowSchedule(rules.windows ?? [], calendar)
    guard let index = schedule.closing(at: now) else { return Answer() }
    let window = schedule.windows[index]
    let closure = WindowClosure(window, opening: schedule.opening(after: now), waiting: waiting)
    return Answer(
      hold: Hold(
        id, app: app, .window(closure), at: rules.marks[FieldPath("windows.\(index)")],
        release: "muster confirm \(id), or the commit trailer `Muster-Confirm: \(id)`; "
          + "or wait until it opens"))
  }

  /// What of the wish is a new commit's; nil when nothing is: what is in force, what has begun, and
  /// another version of a secret wait for no window.
  private func waiting(
    _ wish: DesiredApp, _ content: ReleaseContent?, _ running: [ObservedInstance]
  ) -> WindowClosure.Waiting? {
    if let content, let newest = memory?.releases.last, newest.isUnderWay,
      newest.content.isSameByHand(as: content)
    {
      return nil
    }
    guard let memory, let accepted = memory.accepted else {
      // Of what runs already only the memory got lost.
      let runs = running.contains { $0.isLive && $0.form?.release == content?.digest }
      return runs ? nil : memory?.releases.isEmpty == false ? .release : .firstRelease
    }
    if let content, let current = memory.currentRelease?.content, !memory.isTurningBack,
      !current.isSameByHand(as: content)
    {
      return .release
    }
    return accepted == wish ? nil : .settings
  }

  /// A name for what a wish asks for; another version of a secret is the same wish.
  private static func name(_ wish: DesiredApp, _ content: ReleaseContent?) -> String {
    var wish = wish
    wish.marks = FieldMarks()
    var text = "\(wish)"
    if let content {
      text += " \(content.slug.digest) \(content.stack.digest)"
      for entry in content.config where !entry.source.isSecret { text += " \(entry.fingerprint)" }
    }
    return StableHash.name(of: text)
  }
}

/// The windows of one app on the time line.
struct WindowSchedule {
  let windows: [DeployWindow]
  private let times: [[WindowTime]?]

  init(_ windows: [DeployWindow], _ calendar: WindowCalendar) {
    self.windows = windows
    times = windows.map { calendar.times[$0] }
  }

  /// The window that says no at that time: a `deny` that covers it, or else the first `allow` when
  /// none does; nil when deploys are possible.
  func closing(at time: LoopTime) -> Int? {
    let covering = windows.indices.filter { times[$0]?.contains { $0.covers(time) } ?? false }
    if let denying = covering.first(where: { windows[$0].rule == .deny }) { return denying }
    let allowing = windows.indices.filter { windows[$0].rule == .allow && times[$0] != nil }
    return covering.contains(where: allowing.contains) ? nil : allowing.first
  }

  /// The first moment from then on at which no window says no: where a `deny` ends or an `allow`
  /// begins.
  func opening(after now: LoopTime) -> WindowClosure.Opening? {
    windows.indices.flatMap { index in
      (times[index] ?? []).map { time in
        let isEnd = windows[index].rule == .deny
        return WindowClosure.Opening(
          at: isEnd ? time.to : time.from, clock: isEnd ? time.clocks.last : time.clocks.first,
          zone: windows[index].zone)
      }
    }
    .filter { $0.at > now && $0.at < .endOfTime && closing(at: $0.at) == nil }
    .min { $0.at < $1.at }
  }
}

extension LoopTime {
  fileprivate static let endOfTime = LoopTime(milliseconds: .max)
}

extension Plan {
  /// When a deploy window opens for which something waits; nil when nothing waits for one.
  package var nextOpening: LoopTime? { holds.compactMap(\.opening).min() }
}

extension Hold {
  /// When it ends by itself; nil when it does not.
  package var opening: LoopTime? {
    if case .window(let closure) = cause { closure.opening?.at } else { nil }
  }
}
