// muster config: the config vars of the current release, as `heroku config` lists them.

import ArgumentParser
import FormationModel
import Review

struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "List the config vars of the current release; values only with --reveal.",
    subcommands: [ConfigListCommand.self, ConfigGetCommand.self],
    defaultSubcommand: ConfigListCommand.self)
}

struct ConfigListCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List config vars: names, and where their values are from.",
    discussion: "Who saw values, and of which config vars, is kept in the history.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var target: TargetOptions

  @Flag(help: "Show the values.")
  var reveal = false

  @Flag(name: .shortAndLong, help: "Print KEY=value lines for a shell; needs --reveal.")
  var shell = false

  func run() async throws {
    guard reveal || !shell else { throw ConfigWords.unasked("muster config … --shell --reveal") }
    let settings = try options.settings()
    let session = try await ConfigWords.session(settings, reveal: reveal)
    let view = ConfigView(session)
    let (_, app) = try target.resolved(among: view.apps)
    let vars = reveal ? try await view.reveal(app) : view.list(app)
    let release = view.release(of: app)
    if shell {
      Terminal.write(ConfigText.shell(vars))
    } else if settings.format == .json {
      Terminal.say(ConfigJSON.document(app, release: release, vars).document)
    } else {
      Terminal.write(
        ConfigText(style: Terminal.style).render(app, release: release, vars))
    }
  }
}

struct ConfigGetCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print one config var's value, as it is; needs --reveal.")

  @OptionGroup var options: GlobalOptions

  @Argument(help: .init("The config var.", valueName: "key"))
  var key: String

  @Option(name: [.customShort("a"), .customLong("app")], help: "The app.")
  var app: String?

  @Flag(help: "Show the value.")
  var reveal = false

  func run() async throws {
    guard let key = ConfigKey(rawValue: key) else {
      throw CommandFailure(.usage, "this cannot name a config var")
    }
    guard reveal else {
      let of = app.map { " -a \($0.escapingControls)" } ?? ""
      throw ConfigWords.unasked("muster config get \(key)\(of) --reveal")
    }
    let session = try await ConfigWords.session(try options.settings(), reveal: true)
    let view = ConfigView(session)
    var target = TargetOptions()
    target.target = nil
    target.app = app
    let (_, app) = try target.resolved(among: view.apps)
    guard let value = try await view.reveal(app, only: key).first?.shown else {
      throw CommandFailure(.no, "the current release of \(app) has no config var \(key)")
    }
    Terminal.say(value.unredacted)
  }
}

/// What both commands have in common.
enum ConfigWords {
  static func unasked(_ line: String) -> CommandFailure {
    CommandFailure(
      .usage, "values are shown only when --reveal asks for them", fix: "type: \(line)")
  }

  /// Showing values is written into history, which takes the lock; listing names is only a look.
  static func session(_ settings: Settings, reveal: Bool) async throws -> PlatformSession {
    try PlatformSession.requireBound(settings)
    return reveal
      ? try await PlatformSession.act(settings, command: "config --reveal", binds: false)
      : try await PlatformSession.look(settings)
  }
}
