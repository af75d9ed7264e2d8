// muster secrets set: one value, from standard input alone.

import ArgumentParser
import FormationModel
import Review

struct SecretsSetCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Put a value from standard input into the store.",
    discussion: """
      On a terminal the value is asked for, and not shown. From a pipe or a file it is everything \
      that comes, less one line end at its end. Without APP it is for every app that has no secret \
      of that name itself. Then passes run for the apps that use it, as `muster reconcile` runs \
      them, with its exit codes.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var words: SecretWords
  @OptionGroup var after: AfterSecrets

  func run() async throws {
    let (app, name) = try words.read()
    let settings = try options.settings()
    // Before the lock is taken: a person may take long to type.
    let value = try await SecretInput.value(of: name)
    let session = try await PlatformSession.act(settings, command: "secrets set", binds: false)
    let answer = try await SecretOrders(session).put([(name, value)], for: app)
    try await after.finish(answer, session)
  }
}
