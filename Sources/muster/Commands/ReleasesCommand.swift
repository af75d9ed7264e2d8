// muster releases: the releases of an app, and one of them.

import ArgumentParser
import Effects
import FormationModel
import Review

struct ReleasesCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "releases",
    abstract: "List an app's releases, newest first, or show one: what it is and what it changed.")

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: .init(
      "The app, and a release of it (v7). The app may be left out on a platform of one app.",
      valueName: "app"))
  var words: [String] = []

  @Option(name: [.customShort("a"), .customLong("app")], help: "The app.")
  var namedApp: String?

  @Option(name: [.customShort("n"), .customLong("num")], help: "Releases at most, the newest.")
  var count = 15

  @Flag(help: "Print what the release command of the one named wrote.")
  var output = false

  func run() async throws {
    let settings = try options.settings()
    try PlatformSession.requireBound(settings)
    let session = try await PlatformSession.look(settings)
    let words = try ReleaseWords(words, app: namedApp)
    let app = try words.app(among: session.memory.apps.filter { !$0.value.releases.isEmpty }.keys)
    let all = session.memory.apps[app].map(ReleaseStanding.all) ?? []
    let chosen = try words.number.map { [try find($0, of: app, among: all)] }
    if output {
      guard let item = chosen?.first else {
        throw CommandFailure(.usage, "--output is of one release", fix: "name it: v7")
      }
      return try await printOutput(of: item, app, session)
    }
    let shown = chosen ?? Array(all.prefix(max(0, count)))
    if session.settings.format == .json {
      return Terminal.say(ReleasesJSON.document(app, shown).document)
    }
    let text = ReleasesText(style: Terminal.style, clock: Terminal.clock)
    Terminal.write(chosen == nil ? text.render(app, shown) : text.render(app, shown[0]))
  }

  private func printOutput(
    of item: ReleaseStanding, _ app: AppName, _ session: PlatformSession
  ) async throws {
    let number = item.release.number
    guard item.release.content.releaseCommand != nil, item.release.phase != nil else {
      throw CommandFailure(.no, "v\(number) of \(app) had no release command to run")
    }
    let lines = try await reporting {
      try await ReleaseOutput.lines(of: number, app, in: session.runtime)
    }
    for line in lines {
      Terminal.say(Terminal.isInteractive ? line.text.escapingControls : line.text)
    }
  }

  private func find(
    _ number: Int, of app: AppName, among all: [ReleaseStanding]
  ) throws -> ReleaseStanding {
    if let found = all.first(where: { $0.release.number == number }) { return found }
    let kept = all.map { "v\($0.release.number)" }.joined(separator: ", ")
    throw CommandFailure(
      .no, "v\(number) of \(app) is not there, or not kept any more", fix: "there are: \(kept)")
  }
}

/// `APP`, `v7`, or both, in either order, as people type them.
struct ReleaseWords {
  private var name: String?
  /// The release; nil when none was named.
  private(set) var number: Int?

  init(_ words: [String], app: String?) throws {
    name = app
    for word in words {
      // An app may be called `v7`; with -a there is no doubt.
      if number == nil, let found = Self.number(word) {
        number = found
      } else if name == nil {
        name = word
      } else {
        throw CommandFailure(
          .usage, "\(word.escapingControls) is no release", fix: "releases are called v1, v2, …")
      }
    }
  }

  /// The name as it was typed; nil when none was.
  var appName: String? { name }

  /// The app that is meant, among those with releases.
  func app(among known: some Sequence<AppName>) throws -> AppName {
    let known = known.sorted()
    let names = known.map(\.rawValue).joined(separator: ", ")
    guard let name else {
      if known.count == 1 { return known[0] }
      throw CommandFailure(
        .usage, "which app?", fix: known.isEmpty ? "none has a release yet" : "one of: \(names)")
    }
    guard let app = known.first(where: { $0.rawValue == name }) else {
      throw CommandFailure(
        .no, "there is no release of an app \(name.escapingControls)",
        fix: known.isEmpty ? nil : "there are releases of: \(names)")
    }
    return app
  }

  private static func number(_ word: String) -> Int? {
    guard word.first == "v" || word.first == "V", let number = Int(word.dropFirst()), number > 0
    else { return nil }
    return number
  }
}
