// State directories that are broken in one way each, and what every command has to answer there.

import Foundation
import Testing

/// One way in which a state directory is broken.
struct BrokenState: Sendable {
  /// What is wrong.
  let name: String
  /// Breaks a whole state directory.
  let breaks: @Sendable (_ state: String) throws -> Void
  /// What a command answers that has no row of its own.
  let usual: BrokenAnswer
  /// Commands that answer something else, by their words.
  var others: [String: BrokenAnswer] = [:]

  /// What a command ought to answer.
  func answer(to command: BrokenCommand) -> BrokenAnswer { others[command.words] ?? usual }

  /// The usual answers of commands that do not depend on what is broken.
  func with(_ more: [String: BrokenAnswer]) -> BrokenState {
    var state = self
    state.others.merge(more) { _, new in new }
    return state
  }
}

/// An exit code and words that have to be there, on either stream.
struct BrokenAnswer: Sendable {
  let code: Int32
  let words: [String]

  init(_ code: Int32, _ words: String...) {
    self.code = code
    self.words = words
  }
}

/// A command line to be tried.
struct BrokenCommand: Sendable {
  let words: String
  var input = ""

  var arguments: [String] { words.split(separator: " ").map(String.init) }

  /// Every command that takes a state.
  static let all =
    [
      "plan", "reconcile", "status", "why shop", "events", "wait --for converged --timeout 1s",
      "ps", "logs", "restart shop/web.1", "stop shop/web.1", "start shop/web.1", "scale shop",
      "scale shop web=1", "suspend shop", "resume shop", "maintenance shop",
      "maintenance shop on", "retry shop", "releases", "rollback shop", "undo", "holds",
      "confirm secret-lost/shop", "secrets", "secrets rotate shop SESSION_KEY",
      "secrets unset shop STRIPE_KEY", "config",
      "config --reveal", "config get SESSION_KEY --reveal", "adopt", "metrics", "usage", "gc",
      "gc --dry-run", "doctor", "set shop env.GREETING=hello", "serve",
    ].map { BrokenCommand(words: $0) } + [
      BrokenCommand(words: "secrets set shop STRIPE_KEY", input: "\(Canary.text)-2\n"),
      BrokenCommand(words: "secrets import shop", input: "STRIPE_KEY=\(Canary.text)-3\n"),
    ]

  /// One of each way into a state directory: looking, acting, and those with a way of their own.
  static let some = all.filter { command in
    [
      "plan", "restart shop/web.1", "gc", "adopt", "doctor", "secrets set shop STRIPE_KEY",
    ].contains(command.words)
  }
}

/// A converged platform, of whose state directory each command gets a copy to itself.
final class BrokenPlatform: Sendable {
  let platform: PlatformFixture

  init() throws {
    platform = try PlatformFixture(runtime: "simulated")
    try platform.write("web: exec serve\n", to: "apps/shop/Procfile")
    try platform.write(
      """
      stack: busybox
      env:
        SESSION_KEY: {generator: secret}
        STRIPE_KEY: {secret: STRIPE_KEY}
        GREETING: hello
      formation:
        web: {quantity: 2, size: standard-1x}

      """, to: "apps/shop/app.yaml")
    try platform.commit()
    let set = try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: Canary.text)
    try #require(set.code == 0, "\(set)")
    try platform.converge()
  }

  /// A copy of the state directory.
  func copy(to name: String) throws -> String {
    let state = "\(platform.folder)/\(name)"
    try FileManager.default.copyItem(atPath: platform.state, toPath: state)
    return state
  }

  /// Runs a command on a state directory.
  func run(_ command: BrokenCommand, on state: String) throws -> MusterProgram.Answer {
    try MusterProgram.run(
      MusterProgram.path, command.arguments,
      platform.variables.merging(["MUSTER_STATE": state]) { $1 }, in: platform.folder,
      input: command.input, limit: 20)
  }

  /// Every file of a state directory with its content; the lock only tells who holds it.
  static func content(of state: String) -> [String: Data] {
    let names = FileManager.default.enumerator(atPath: state)?.allObjects ?? []
    var content: [String: Data] = [:]
    for case let name as String in names where name != "lock" {
      content[name] = FileManager.default.contents(atPath: "\(state)/\(name)") ?? Data()
    }
    return content
  }
}

extension MusterProgram.Answer {
  /// Expects the code, the words, and what every answer has to be: an end of its own, no word of a
  /// machine in it, no secret, and with code 2 one error that says what to do.
  func expect(_ wanted: BrokenAnswer, _ command: BrokenCommand, _ state: String) {
    #expect(code == wanted.code, "\(state), \(command.words): \(self)")
    for word in wanted.words {
      #expect(text.contains(word), "\(state), \(command.words): no “\(word)” in \(self)")
    }
    let machine = [
      "Fatal error", "Current stack", "Failure(", "Error(", "Optional(", "errno", "Swift.", "nil",
      "SQLITE_", "GRDB", "no such table", Canary.text,
    ]
    // Who asks for values with --reveal gets them.
    let isAsked = command.words.contains("--reveal") && code == 0
    for word in machine where !isAsked {
      #expect(!text.contains(word), "\(state), \(command.words): \(self)")
    }
    guard code == 2 else { return }
    let lines = errors.split(separator: "\n")
    #expect(lines.count == 2, "\(state), \(command.words): \(self)")
    #expect(lines.first?.hasPrefix("muster: ") ?? false, "\(state), \(command.words): \(self)")
    #expect(lines.last?.hasPrefix("  ") ?? false, "\(state), \(command.words): \(self)")
  }
}
