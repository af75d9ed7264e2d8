// muster secrets: what is in this machine's store, and who uses it. Each change has a file of its
// own beside this one.

import ArgumentParser
import FormationModel
import Review

struct SecretsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "secrets",
    abstract: "List secrets, or put them into this machine's store.",
    discussion: "Without a subcommand: names, versions and users. No command here shows a value.",
    subcommands: [
      SecretsListCommand.self, SecretsSetCommand.self, SecretsImportCommand.self,
      SecretsRotateCommand.self, SecretsUnsetCommand.self,
    ],
    defaultSubcommand: SecretsListCommand.self)
}

struct SecretsListCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List secrets: names, versions, and the config vars they are in."
  )

  @OptionGroup var options: GlobalOptions

  @Argument(help: .init("Only what this app owns or uses.", valueName: "app"))
  var positionalApp: String?

  @Option(name: [.customShort("a"), .customLong("app")], help: "Only what this app owns or uses.")
  var namedApp: String?

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    let app = try (namedApp ?? positionalApp).map(SecretWords.app)
    let secrets = try await SecretOrders(session).list(app)
    if session.settings.format == .json {
      Terminal.say(SecretsJSON.document(secrets).document)
    } else {
      Terminal.write(SecretsText(style: Terminal.style, clock: Terminal.clock).render(secrets))
    }
  }
}
