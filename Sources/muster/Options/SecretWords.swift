// What the commands about secrets have in common: [APP] NAME before, and passes after.

import ArgumentParser
import FormationModel
import Review

/// `[APP] NAME`, or `NAME -a APP`.
struct SecretWords: ParsableArguments {
  @Argument(help: .init("The app, if it is for one, and the secret's name.", valueName: "app-name"))
  var words: [String]

  @Option(name: [.short, .long], help: "The app, as Heroku's command line takes it.")
  var app: String?

  /// Throws for anything else. No word is quoted that may be a value.
  func read() throws -> (app: AppName?, name: SecretName) {
    guard words.count <= (app == nil ? 2 : 1), !words.contains(where: { $0.contains("=") }) else {
      throw CommandFailure(
        .usage, "a value never stands on the command line, where every user can read it",
        fix: "give it on standard input; take another value now if this one was meant for use")
    }
    guard let last = words.last, let name = SecretName(rawValue: last) else {
      throw CommandFailure(
        .usage, "this is not a secret's name", fix: "use letters, digits, `_`, `-` and `.`")
    }
    let owner = app ?? (words.count == 2 ? words[0] : nil)
    return (try owner.map(Self.app), name)
  }

  static func app(_ text: String) throws -> AppName {
    guard let name = AppName(rawValue: text) else {
      throw CommandFailure(.usage, "the first word is not an app's name", fix: "muster status")
    }
    return name
  }
}

/// What happens after a change of secrets.
struct AfterSecrets: ParsableArguments {
  @Flag(help: "Only store it: the next pass gives it to the apps that use it.")
  var later = false

  @Option(help: "How long the passes may take: 90s, 10m, 1h.")
  var timeout = "10m"

  /// Before anything is stored.
  func validate() throws {
    guard TimeSpan(timeout) == nil else { return }
    throw ValidationError("\(timeout) is not a time span: write it as 90s, 10m or 1h")
  }

  /// Says what happened, and runs passes for the apps that get a new value.
  func finish(_ answer: SecretAnswer, _ session: PlatformSession) async throws {
    Self.report(answer, session.settings)
    guard !later, !answer.concerned.isEmpty else { return }
    guard session.isBound else {
      guard session.settings.format == .text else { return }
      return Terminal.say("muster reconcile gives it to the apps that use it")
    }
    let limit = TimeSpan(timeout)?.duration ?? .seconds(600)
    try await Reconciliation(session: session, only: answer.concerned).run(within: limit)
  }

  /// Says what happened.
  static func report(_ answer: SecretAnswer, _ settings: Settings) {
    for item in answer.items {
      let json = SecretsJSON.change(item.subject, from: item.before, to: item.version)
      Terminal.say(settings.format == .json ? json.line : line(item))
    }
  }

  private static func line(_ item: SecretAnswer.Item) -> String {
    let what = "\(item.subject.name) \(SecretsText.source(item.subject)): \(change(item))"
    guard item.users.isEmpty, item.version != nil, case .stored(let name, _) = item.subject else {
      let users = item.users.map { "\($0.app) env.\($0.key)" }.joined(separator: ", ")
      return users.isEmpty ? what : "\(what)  (\(users))"
    }
    let key = ConfigKey(rawValue: name.rawValue)?.rawValue ?? "KEY"
    return "\(what)  (no config var has it: under `env:` write `\(key): {secret: \(name)}`)"
  }

  private static func change(_ item: SecretAnswer.Item) -> String {
    switch (item.before, item.version) {
    case (nil, let now?): "v\(now)"
    case (let before?, let now?) where before == now: "v\(now), the same value as before"
    case (let before?, let now?): "v\(before) → v\(now)"
    case (_, nil): "removed"
    }
  }
}
