// Lists of secrets: names, versions, users. There is no value in what is rendered here.

package import FormationModel

/// One secret as a list shows it.
package struct SecretListing: Hashable, Sendable {
  /// Which.
  package let subject: SecretSubject
  /// Its newest version; nil when some config var names it and it is not there.
  package let version: Int?
  /// When that version was made; nil when that is not known.
  package let since: LoopTime?
  /// Every version of which the value is kept, oldest first.
  package let kept: [Int]
  /// The config vars that get it, sorted.
  package let users: [SecretID]

  /// Makes a listing.
  package init(
    _ subject: SecretSubject, version: Int?, since: LoopTime?, kept: [Int], users: [SecretID]
  ) {
    self.subject = subject
    self.version = version
    self.since = since
    self.kept = kept
    self.users = users
  }

  /// The command that puts it into the store; nil when it is there.
  package var remedy: String? {
    guard version == nil else { return nil }
    return switch subject {
    case .generated(let secret): "muster secrets rotate \(secret.app) \(secret.key)"
    case .stored(let name, let app): "muster secrets set \(app.map { "\($0) " } ?? "")\(name)"
    }
  }
}

/// Renders secrets as text.
package struct SecretsText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Now, and the zone to print times in.
  package var clock: LocalClock

  /// Makes a renderer.
  package init(style: TextStyle = .plain, clock: LocalClock) {
    self.style = style
    self.clock = clock
  }

  /// One line for each, columns aligned; `No secrets.` when there are none.
  package func render(_ secrets: [SecretListing]) -> String {
    guard !secrets.isEmpty else { return "No secrets.\n" }
    var table = TextTable()
    for secret in secrets {
      table.add([
        .init(secret.subject.name, .strong), .init(Self.source(secret.subject)),
        .init(
          secret.version.map { "v\($0)" } ?? "missing", secret.version == nil ? .bad : nil),
        .init(since(secret), .quiet), .init(users(secret)),
      ])
    }
    let remedies = secrets.compactMap(\.remedy).map { "  \($0)" }
    let help = remedies.isEmpty ? [] : ["", "To set what is missing:"] + remedies
    return (table.lines(style) + help).joined(separator: "\n") + "\n"
  }

  /// `generated for shop`, `of shop`, `of the platform`.
  package static func source(_ subject: SecretSubject) -> String {
    switch subject {
    case .generated(let secret): "generated for \(secret.app)"
    case .stored(_, let app?): "of \(app)"
    case .stored(_, nil): "of the platform"
    }
  }

  private func since(_ secret: SecretListing) -> String {
    guard secret.version != nil else { return "" }
    return secret.since.map { "since \(clock.stampWithAge($0))" } ?? "not as it was written"
  }

  private func users(_ secret: SecretListing) -> String {
    guard !secret.users.isEmpty else { return "no config var has it" }
    return secret.users.map { "\($0.app) env.\($0.key)" }.joined(separator: ", ")
  }
}

/// Renders secrets as JSON.
package enum SecretsJSON {
  /// `{"format":1,"secrets":[…]}`.
  package static func document(_ secrets: [SecretListing]) -> JSONValue {
    ["format": .number(1), "secrets": .array(secrets.map(secret))]
  }

  private static func secret(_ secret: SecretListing) -> JSONValue {
    [
      "name": .string(secret.subject.name),
      "app": .optional(secret.subject.app?.rawValue),
      "source": .string(source(secret.subject)),
      "version": .optional(secret.version),
      "since": .optional(secret.since.map(TimeText.json)),
      "kept": .array(secret.kept.map { .integer($0) }),
      "users": .array(
        secret.users.map { ["app": .string($0.app.rawValue), "key": .string($0.key.rawValue)] }),
    ]
  }

  private static func source(_ subject: SecretSubject) -> String {
    switch subject {
    case .generated: "generated"
    case .stored: "stored"
    }
  }

  /// One change, on one line of a stream of events.
  package static func change(_ subject: SecretSubject, from: Int?, to: Int?) -> JSONValue {
    [
      "event": .string("secret"), "name": .string(subject.name),
      "app": .optional(subject.app?.rawValue), "from": .optional(from), "to": .optional(to),
    ]
  }
}
