// muster secrets import: many values at once, as Heroku's command line prints them.

import ArgumentParser
import FormationModel
import ManifestParsing
import Review

struct SecretsImportCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Put all values of a file into the store, or none.",
    discussion: """
      The file is what `heroku config --shell` or `heroku config --json` prints; without FILE, or \
      with `-`, it is standard input. Each line that cannot be taken is named by its number, and \
      then nothing is put into the store.
      """)

  @OptionGroup var options: GlobalOptions

  @Argument(help: .init("The app, then the file.", valueName: "app-file"))
  var words: [String] = []

  @Option(name: [.short, .long], help: "The app, as Heroku's command line takes it.")
  var app: String?

  @OptionGroup var after: AfterSecrets

  func run() async throws {
    let (name, file) = try target()
    let app = try name.map(SecretWords.app)
    let path = file == "-" ? nil : file
    let read = SecretImport(try await SecretInput.file(path))
    guard read.problems.isEmpty else { throw refusal(read.problems, path ?? "standard input") }
    let session = try await PlatformSession.act(
      try options.settings(), command: "secrets import", binds: false)
    let answer = try await SecretOrders(session).put(
      read.entries.map { ($0.name, $0.value) }, for: app)
    try await after.finish(answer, session)
  }

  /// APP and FILE. A single word is the app, unless it is `-` or can be no app's name.
  private func target() throws -> (app: String?, file: String?) {
    guard words.count <= (app == nil ? 2 : 1) else {
      throw CommandFailure(
        .usage, "there are too many words", fix: "muster secrets import [APP] [FILE|-]")
    }
    if let app { return (app, words.first) }
    guard words.count == 1 else { return (words.first, words.last) }
    return AppName(rawValue: words[0]) == nil ? (nil, words[0]) : (words[0], nil)
  }

  private func refusal(_ problems: [SecretImport.Problem], _ file: String) -> CommandFailure {
    for problem in problems.dropLast() { Terminal.complain(line(problem, file)) }
    let last = problems.last.map { line($0, file) } ?? file
    return CommandFailure(.no, last, fix: "nothing was put into the store")
  }

  private func line(_ problem: SecretImport.Problem, _ file: String) -> String {
    let fix = problem.fix.map { ": \($0)" } ?? ""
    return "\(file.escapingControls):\(problem.line): \(problem.message)\(fix)"
  }
}
