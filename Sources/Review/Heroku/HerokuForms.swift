// Heroku's command line, form by form: the command here that does the same, or the line to type. A
// table of words to words; a command is only ever answered with one that exists.

/// What Heroku's forms are here.
package struct HerokuForms: Sendable {
  /// What a form is answered with.
  package enum Answer: Hashable, Sendable {
    /// The same, in words of this program.
    case run([String])
    /// A line to type, or what to edit.
    case type(String)
    /// This program has nothing like it.
    case nothing
  }

  private let commands: Set<String>

  /// Makes the table for the commands that this program has.
  package init(commands: some Sequence<String>) { self.commands = Set(commands) }

  /// What the words (without the program's name) mean; nil when they are no form of Heroku's, or a
  /// command that this program has.
  package func answer(_ arguments: [String]) -> Answer? {
    guard let form = arguments.first, !form.hasPrefix("-"), !commands.contains(form) else {
      return nil
    }
    let words = HerokuWords(Array(arguments.dropFirst()))
    if let choose = Self.rows[form] ?? Self.family(of: form) {
      return choose(form, words).first(where: isPossible) ?? .nothing
    }
    return form.contains(":") ? .nothing : nil
  }

  private func isPossible(_ answer: Answer) -> Bool {
    switch answer {
    case .run(let words): words.first.map(commands.contains) ?? false
    case .type(let line): Self.mentioned(in: line).allSatisfy(commands.contains)
    case .nothing: true
    }
  }

  /// Commands of this program that a line mentions.
  static func mentioned(in line: String) -> [String] {
    let words = line.split { " `(),".contains($0) }.map(String.init)
    return zip(words, words.dropFirst()).compactMap {
      $0 == "muster" && !$1.hasPrefix("-") ? $1 : nil
    }
  }

  /// Every form that has a row of its own.
  package static var forms: [String] { rows.keys.sorted() }

  typealias Row = @Sendable (_ form: String, HerokuWords) -> [Answer]

  /// The row of a whole family, `pg:…`, for forms without a row of their own.
  private static func family(of form: String) -> Row? {
    guard let colon = form.firstIndex(of: ":") else { return nil }
    return families[String(form[..<colon])]
  }

  private static let rows: [String: Row] = dynos.merging(apps) { $1 }
    .merging(code) { $1 }.merging(services) { $1 }

  // MARK: - Dynos

  private static let dynos: [String: Row] = [
    "ps:list": { run("ps", $1.withAppLast) },
    "dyno:list": { run("ps", $1.withAppLast) },
    "ps:scale": scale, "dyno:scale": scale, "scale": scale,
    "ps:restart": { run("restart", $1.withTarget().withAppLast) },
    "dyno:restart": { run("restart", $1.withTarget().withAppLast) },
    "ps:start": { run("start", $1.withTarget().withAppLast) },
    "dyno:start": { run("start", $1.withTarget().withAppLast) },
    "ps:stop": { stop($1) },
    "ps:kill": { stop($1) },
    "dyno:kill": { stop($1) },
    "dyno:stop": { stop($1) },
    "kill": { stop($1) },
    "ps:wait": { run("wait", $1.withAppFirst, ["--for", "converged"]) },
    "ps:type": resize, "ps:resize": resize, "dyno:resize": resize, "dyno:type": resize,
    "resize": resize,
    "ps:autoscale:enable": autoscale,
    "ps:autoscale:disable": { [set($1, "formation.web.quantity=1")] },
    "ps:exec": { exec($1) }, "run:inside": { exec($1) },
    "ps:copy": { _, _ in [.nothing] }, "ps:forward": { _, _ in [.nothing] },
    "run:detached": { run("run", oneOff($1, "--detached")) },
    "run:list": { run("ps", $1.withAppLast) },
    "logs:tail": { run("logs", ["-t"], $1.withAppLast) },
  ]

  private static let scale: Row = { _, words in
    let quantities = words.operands.map { word -> String in
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return "formation.TYPE.quantity=N" }
      let size = parts[1].split(separator: ":", maxSplits: 1).map(String.init)
      let quantity = "formation.\(parts[0]).quantity=\(size.first ?? "N")"
      return size.count < 2 ? quantity : "\(quantity) formation.\(parts[0]).size=\(size[1])"
    }
    let fields = quantities.isEmpty ? ["formation.TYPE.quantity=N"] : quantities
    return [.run(["scale"] + words.withAppFirst), set(words, fields.joined(separator: " "))]
  }

  private static let resize: Row = { _, words in
    let sizes = words.operands.map { word -> String in
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      return parts.count == 2
        ? "formation.\(parts[0]).size=\(parts[1])" : "formation.TYPE.size=\(word)"
    }
    return [set(words, sizes.isEmpty ? "formation.TYPE.size=SIZE" : sizes.joined(separator: " "))]
  }

  private static let autoscale: Row = { _, words in
    var words = words
    let least = words.take("--min") ?? "1"
    let most = words.take("--max") ?? "4"
    let p95 = words.take("--p95") ?? "1000"
    let quantity = "{min: \(least), max: \(most), p95: \(p95)ms}"
    return [set(words, "'formation.web.quantity=\(quantity)'")]
  }

  private static func stop(_ words: HerokuWords) -> [Answer] {
    run("stop", words.withTarget().withAppLast) + [set(words, "formation.TYPE.quantity=0")]
  }

  /// A command of this program with its words.
  static func run(_ command: String, _ words: [String]...) -> [Answer] {
    [.run([command] + words.flatMap { $0 })]
  }

  /// One line to type.
  static func say(_ line: String) -> [Answer] { [.type(line)] }

  /// The line that edits app.yaml.
  static func set(_ words: HerokuWords, _ fields: String) -> Answer {
    .type("muster set \(words.appName) \(fields), then commit")
  }

  /// `run` and `exec` take another program's words after `--`.
  private static func oneOff(_ words: HerokuWords, _ flags: String...) -> [String] {
    var words = words
    var options = flags
    if let size = words.take("--size", "-s") { options += ["--size", size] }
    if let variables = words.take("--env", "-e") { options += ["--env", variables] }
    let app = words.app.map { [$0] } ?? []
    return app + options + ["--"] + words.rest.filter { $0 != "--" && $0 != "-x" }
  }

  private static func exec(_ words: HerokuWords) -> [Answer] {
    var words = words
    let dyno = words.take("--dyno", "-d")
    var command = words.rest.filter { $0 != "--" }
    let target = dyno ?? (command.isEmpty ? "web.1" : command.removeFirst())
    let whole = words.app.map { "\($0)/\(target)" } ?? target
    return [.run(["exec", whole, "--"] + (command.isEmpty ? ["sh"] : command))]
  }
}
