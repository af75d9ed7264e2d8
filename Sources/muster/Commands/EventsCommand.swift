// muster events: what happened, oldest first.

import ArgumentParser
import ControlLoop
import Effects
import FormationModel
import Review

struct EventsCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Show what happened to an app, or to the platform, and why; oldest first.")

  /// How often history is looked at for new events.
  private static let lookInterval = Duration.milliseconds(500)

  @OptionGroup var options: GlobalOptions

  @Argument(help: .init("Only this app.", valueName: "app"))
  var positionalApp: String?

  @Option(name: [.customShort("a"), .customLong("app")], help: "Only this app.")
  var namedApp: String?

  @Flag(name: [.customShort("t"), .customLong("tail")], help: "Go on with new events.")
  var tail = false

  @Option(
    name: [.customShort("n"), .customLong("num")],
    help: "Events at most, the newest. Default: 100; with --since all.")
  var count: Int?

  @Option(help: "Only events since then: 90s, 10m, 1h, 2d ago, or 2026-01-31T10:00:00Z.")
  var since: String?

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    try session.requireFolder()
    let app = try AppNames.read([namedApp ?? positionalApp].compactMap { $0 })?.first
    let earliest = try since.map(LogsCommand.time)
    let kept = Limits().events
    let limit = min(max(0, count ?? (since == nil ? 100 : kept)), kept)
    let store = session.seams.store
    try await reporting {
      var told: Set<StoredEvent> = []
      var newest = try await store.events(app: app, count: limit)
      if let app, session.memory.apps[app] == nil, newest.isEmpty, limit > 0 {
        let known = session.memory.apps.keys.sorted().map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(
          .unknown, "nothing is known of an app \(app)",
          fix: known.isEmpty ? nil : "there are: \(known)")
      }
      while true {
        let new = newest.filter { !told.contains($0) && $0.at >= earliest ?? $0.at }
        show(new, session)
        if new.isEmpty, told.isEmpty, !tail, session.settings.format == .text {
          Terminal.say("No events.")
        }
        guard tail else { return }
        // What is older than these cannot come again.
        told = Set(newest)
        try await Task.sleep(for: Self.lookInterval)
        newest = try await store.events(app: app, count: max(limit, 500))
        if let last = told.map(\.at).max() { newest.removeAll { $0.at < last } }
      }
    }
  }

  private func show(_ events: [StoredEvent], _ session: PlatformSession) {
    guard !events.isEmpty else { return }
    let text = EventsText(style: Terminal.style, clock: Terminal.clock)
    let isJSON = session.settings.format == .json
    let lines = events.map(EventLine.init).map { event in
      isJSON ? EventsJSON.event(event).line : text.line(event)
    }
    Terminal.say(lines.joined(separator: "\n"))
  }
}
