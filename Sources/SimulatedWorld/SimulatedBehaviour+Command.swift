// Reads a behaviour from a command's text, so that what `--runtime simulated` does can be written
// in a Procfile. It understands a few words of the shell; anything else is a program that serves.

extension SimulatedBehaviour {
  /// Derives the behaviour from a command.
  ///
  /// Statements are separated by `;`, `&&` or a line's end. `sleep N` takes N seconds, `echo TEXT`
  /// writes a line (`>&2`: to standard error; `$NAME` is looked up), `exit N`, `true` and `false`
  /// do what they say, `trap '…' TERM` sets what SIGTERM does, `exec` and `sh -c '…'` are looked
  /// through. `while` and `sleep infinity` run until they are stopped and bind nothing; the first
  /// other word is a program that binds `$PORT` and runs until it is stopped.
  ///
  /// A comment `# simulated: …` has the last word: `boot=2s`, `crash-after=5s`, `exit=3`,
  /// `port=none|loopback`, `status=503`, `ignore-term`, `shutdown=3s`, `memory=200` (MB), `cpu=30`
  /// (percent of a core), `missing`.
  package init(command: String, variables: [String: String] = [:]) {
    self.init()
    var reading = CommandReading(variables: variables)
    reading.run(command, in: &self)
    if !reading.runsOn { lifeMilliseconds = reading.clock }
    if !reading.serves { port = .none }
    apply(directivesOf: command)
  }

  private mutating func apply(directivesOf command: String) {
    guard let start = command.firstRange(of: "# simulated:") else { return }
    let line = command[start.upperBound...].prefix { $0 != "\n" }
    for word in line.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      let value = parts.count == 2 ? parts[1] : ""
      switch parts.first {
      case "boot": bootMilliseconds = Self.milliseconds(value) ?? bootMilliseconds
      case "crash-after": crash(after: Self.milliseconds(value))
      case "exit": exitCode = Int(value).map { $0 & 0xff } ?? exitCode
      case "port": port = Port(rawValue: value) ?? port
      case "status": status = Int(value) ?? status
      case "shutdown": shutdownMilliseconds = Self.milliseconds(value) ?? shutdownMilliseconds
      case "ignore-term": ignoresTerm = true
      case "memory": memoryBytes = Self.number(value, upTo: 1 << 20).map { $0 << 20 }
      case "cpu": cpuPercent = Self.number(value, upTo: 100_000)
      case "missing": isMissing = true
      default: break
      }
    }
  }

  private static func number(_ text: String, upTo limit: Int64) -> Int64? {
    Int64(text).flatMap { (0...limit).contains($0) ? $0 : nil }
  }

  private mutating func crash(after life: Int64?) {
    guard let life else { return }
    lifeMilliseconds = life
    if exitCode == 0 { exitCode = 1 }
  }

  /// `2s`, `1.5s`, `250ms`, `1m`, or bare seconds; nil for anything else and beyond a year.
  static func milliseconds(_ text: String) -> Int64? {
    let (digits, unit): (Substring, Double) =
      if text.hasSuffix("ms") { (text.dropLast(2), 1) } else if text.hasSuffix("s") {
        (text.dropLast(), 1_000)
      } else if text.hasSuffix("m") { (text.dropLast(), 60_000) } else if text.hasSuffix("h") {
        (text.dropLast(), 3_600_000)
      } else { (text[...], 1_000) }
    guard let number = Double(digits), number >= 0, number * unit <= 366 * 86_400_000 else {
      return nil
    }
    return Int64(number * unit)
  }
}

/// The state of reading one command: how much time has gone by, and whether something runs on.
private struct CommandReading {
  let variables: [String: String]
  var clock: Int64 = 0
  var runsOn = false
  var serves = false
  var ended = false
  var depth = 0

  init(variables: [String: String]) { self.variables = variables }

  mutating func run(_ script: String, in behaviour: inout SimulatedBehaviour) {
    guard depth < 4 else { return }
    for statement in ShellWords.statements(of: script, variables: variables) {
      if runsOn || ended { return }
      take(statement, in: &behaviour)
    }
  }

  private mutating func take(
    _ statement: ShellWords.Statement, in behaviour: inout SimulatedBehaviour
  ) {
    var words = statement.words[...]
    while words.first == "exec" { words.removeFirst() }
    guard let first = words.first else { return }
    let rest = Array(words.dropFirst())
    switch first {
    case "echo":
      let text = rest.joined(separator: " ")
      behaviour.output.append(.init(after: clock, text: text, isError: statement.toStandardError))
      behaviour.exitCode = 0
    case "sleep": sleep(rest.first ?? "")
    case "exit": end(rest.first.flatMap { Int($0) } ?? behaviour.exitCode, &behaviour)
    case "true", ":": behaviour.exitCode = 0
    case "false": behaviour.exitCode = 1
    case "trap": trap(rest, &behaviour)
    case "sh", "/bin/sh", "bash", "/bin/bash":
      guard rest.count >= 2, rest[0].hasPrefix("-"), rest[0].hasSuffix("c") else {
        return serve()
      }
      depth += 1
      run(rest[1], in: &behaviour)
      depth -= 1
    case "while": runsOn = true
    default: serve()
    }
  }

  private mutating func serve() {
    runsOn = true
    serves = true
  }

  private mutating func sleep(_ word: String) {
    guard let span = SimulatedBehaviour.milliseconds(word) else { return runsOn = true }
    clock += span
  }

  private mutating func end(_ code: Int, _ behaviour: inout SimulatedBehaviour) {
    behaviour.exitCode = code & 0xff
    ended = true
  }

  private mutating func trap(_ words: [String], _ behaviour: inout SimulatedBehaviour) {
    guard let action = words.first, words.contains(where: { $0 == "TERM" || $0 == "SIGTERM" })
    else { return }
    guard !action.isEmpty else { return behaviour.ignoresTerm = true }
    let then = SimulatedBehaviour(command: action, variables: variables)
    behaviour.farewell = then.output.map(\.text)
    // A trap that does not exit lets the program go on.
    if action.contains("exit") {
      behaviour.termExitCode = then.exitCode
    } else {
      behaviour.ignoresTerm = true
    }
  }
}
