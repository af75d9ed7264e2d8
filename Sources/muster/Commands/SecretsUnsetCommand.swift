// muster secrets unset: takes a secret out of the store.

import ArgumentParser
import FormationModel
import Review

struct SecretsUnsetCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "unset",
    abstract: "Take a secret out of the store; refused while a config var has it.",
    discussion: """
      With --force also while it is in use: the apps that use it are held until it is there again, \
      and their dynos go on. Values that kept releases have stay on disk as long as those releases.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var words: SecretWords

  @Flag(help: "Also while a config var has it.")
  var force = false

  func run() async throws {
    let (app, name) = try words.read()
    let session = try await PlatformSession.act(
      try options.settings(), command: "secrets unset", binds: false)
    let answer = try await SecretOrders(session).remove(name, of: app, force: force)
    AfterSecrets.report(answer, session.settings)
  }
}
