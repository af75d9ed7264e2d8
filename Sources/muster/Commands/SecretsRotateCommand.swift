// muster secrets rotate: another value for a secret that there is.

import ArgumentParser
import FormationModel
import Review

struct SecretsRotateCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Give a secret another value: a generated one is made, another is read.",
    discussion: """
      A generated secret is named by its app and its config var. For a secret of the store the new \
      value comes from standard input, as `muster secrets set` takes it.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var words: SecretWords
  @OptionGroup var after: AfterSecrets

  func run() async throws {
    let (app, name) = try words.read()
    let settings = try options.settings()
    let subject = try await SecretOrders(PlatformSession.look(settings)).rotating(name, of: app)
    let value = subject.isGenerated ? nil : try await SecretInput.value(of: name)
    let session = try await PlatformSession.act(settings, command: "secrets rotate", binds: false)
    let orders = await SecretOrders(session)
    let answer: SecretAnswer
    switch (subject, value) {
    case (.generated(let secret), _): answer = try await orders.renew(secret)
    case (_, let value?): answer = try await orders.put([(name, value)], for: app)
    case (_, nil): throw CommandFailure(.usage, "there is no value")
    }
    guard answer.items.contains(where: \.isChanged) else {
      throw CommandFailure(
        .no, "the value is the one that \(name) has already", fix: "nothing was changed")
    }
    try await after.finish(answer, session)
  }
}

extension SecretSubject {
  /// Whether Muster makes its values.
  fileprivate var isGenerated: Bool {
    if case .generated = self { true } else { false }
  }
}
