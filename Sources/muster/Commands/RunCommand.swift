// muster run: a one-off dyno.

import ArgumentParser
import Effects
import FormationModel
import Foundation
import Review
import Server

struct RunCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a command once, in a dyno of its own.",
    usage: "muster run [APP] [OPTIONS] -- COMMAND…",
    discussion: """
      At a terminal the dyno has one too; otherwise its input, output and errors are this \
      command's. It ends with them, and this command ends with its exit code: 128 + n for signal \
      n, 125 when it was not started. A command that begins with the name of a process type is \
      that type's, with the words behind it. It is started once, whatever crashes.
      """)

  @OptionGroup var options: GlobalOptions

  @Argument(help: "The app. May be left out on a platform of one app.")
  var name: String?

  @Argument(parsing: .postTerminator, help: "The command and its words, for the dyno's shell.")
  var command: [String] = []

  @Option(name: [.customShort("a"), .long], help: "The app, as Heroku's command line takes it.")
  var app: String?

  @Flag(help: "Do not wait: what it writes goes to the log.")
  var detached = false

  @Option(
    name: [.customShort("s"), .long],
    help: "The dyno type. Default: that of the process type, else of web.")
  var size: CatalogName?

  @Option(
    name: [.customShort("e"), .long],
    help: .init("Variables beside the config vars: 'A=1;B=2'.", valueName: "key=value"))
  var env: [String] = []

  @Option(help: .init("The release to run. Default: the current one.", valueName: "vN"))
  var release: String?

  @Option(help: "How long it may run: 90s, 10m, 1h. At most 24h, which is the default.")
  var timeToLive = "24h"

  @Option(help: "Why, for whoever looks later: in history.")
  var reason: String?

  @Option(help: "How long it may take to start: 90s, 10m, 1h.")
  var timeout = "10m"

  func run() async throws {
    let limit = try TimeSpan.read(timeout)
    let settings = try options.settings()
    try PlatformSession.requireBound(settings)
    let console = Surroundings.current.console
    let streams = try await detached ? nil : console.streams
    let session = try await PlatformSession.act(settings, command: "run")
    let (app, line) = try await subject(session)
    let order = Order(
      by: Surroundings.current.caller, at: WallClock.now(), reason: reason,
      .run(app, try request(line, streams)))
    let oneOff = OneOffRun(
      session: session, app: app, order: order, limit: limit,
      tells: !settings.isQuiet && settings.format != .json)
    if let streams { throw ExitCode(try await oneOff.attached(streams)) }
    let name = try await oneOff.detached()
    guard settings.format == .json else {
      return Terminal.say("It writes to the log: muster logs \(app) -d \(name) -t")
    }
    Terminal.say(OneOffJSON.started(name, of: app).document)
  }

  /// The app that is meant, and the command.
  private func subject(_ session: PlatformSession) async throws -> (AppName, String) {
    let known = session.memory.apps.filter { $0.value.isAccepted }.keys.sorted()
    // As Heroku's command line has it, the app comes by `-a`, and a word here is the command's.
    let line = CommandLineWords.line((app == nil ? [] : [name].compactMap { $0 }) + command)
    guard !line.isEmpty else {
      throw CommandFailure(.usage, "no command is given", fix: "muster run APP -- COMMAND")
    }
    return (try AppChoice.choose(app ?? name, among: known), line)
  }

  private func request(_ line: String, _ streams: CallerStreams?) throws -> OneOffRequest {
    let environment = try CommandLineWords.variables(env, at: streams)
    let number = try release.map { text in
      guard let number = Int(text.hasPrefix("v") ? String(text.dropFirst()) : text), number > 0
      else { throw CommandFailure(.usage, "\(text) is no release", fix: "write --release v7") }
      return number
    }
    return OneOffRequest(
      token: UUID().uuidString, command: line, size: size, environment: environment,
      session: streams.map { $0.isTerminal ? .terminal : .streams },
      timeToLive: try TimeSpan.read(timeToLive), release: number)
  }
}

extension CatalogName: ExpressibleByArgument {
  /// Reads a name as Heroku prints it, `Standard-1X`, too; nil when it is none.
  package init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}
