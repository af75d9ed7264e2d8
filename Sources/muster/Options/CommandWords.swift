// The first word of a command line: what to say when it is no command here. Heroku's colon forms
// are answered with the line to type.

import Review

/// Knows the commands there are.
struct CommandWords {
  let commands: [String]

  /// Throws a usage failure, with what may have been meant, when the word is no command.
  func check(_ word: String?) throws(CommandFailure) {
    guard let word, !word.hasPrefix("-"), !word.isEmpty, word != "help",
      !commands.contains(word)
    else { return }
    if word.contains(":") { throw heroku(word) }
    let near = commands.map { ($0, Self.distance(word, $0)) }.min { $0.1 < $1.1 }
    let fix =
      near.flatMap { $0.1 <= max(1, word.count / 3) ? "did you mean `muster \($0.0)`?" : nil }
    throw CommandFailure(
      .usage, "there is no command \(word.escapingControls)",
      fix: fix ?? "`muster --help` lists the commands there are")
  }

  /// What Heroku's command line calls `area:action`.
  private func heroku(_ word: String) -> CommandFailure {
    let shown = word.escapingControls
    if let line = Self.lines[word] {
      return CommandFailure(.usage, "\(shown) is Heroku's form", fix: "type: \(line)")
    }
    if let edit = Self.edits[word] {
      return CommandFailure(
        .usage, "\(shown) has no command here: manifests in git say it", fix: edit)
    }
    return CommandFailure(
      .usage, "there is no command \(shown), and this version does nothing like it",
      fix: "`muster --help` lists the commands there are")
  }

  /// Forms that a command here answers.
  private static let lines = [
    "ps:list": "muster ps", "dynos:list": "muster ps", "logs:tail": "muster logs -t",
    "apps:info": "muster status APP", "apps:list": "muster status", "apps:status": "muster status",
    "stack:list": "muster catalog", "apps:stacks": "muster catalog",
    "addons:plans": "muster catalog",
    "addons:services": "muster catalog", "autocomplete:create": "muster completion bash|zsh|fish",
    "ps:scale":
      "muster scale APP TYPE=N, until a commit says otherwise; in git: formation.TYPE.quantity",
    "ps:type":
      "muster scale APP TYPE=SIZE, until a commit says otherwise; in git: formation.TYPE.size",
    "ps:resize":
      "muster scale APP TYPE=SIZE, until a commit says otherwise; in git: formation.TYPE.size",
    "dyno:scale": "muster scale APP TYPE=N, until a commit says otherwise",
    "ps:restart": "muster restart APP/TYPE.N", "dyno:restart": "muster restart APP/TYPE.N",
    "ps:stop": "muster stop APP/TYPE.N", "ps:kill": "muster stop APP/TYPE.N",
    "dyno:stop": "muster stop APP/TYPE.N", "maintenance:on": "muster maintenance APP on",
    "maintenance:off": "muster maintenance APP off",
    "apps:create": "muster init", "pipelines:diff": "muster diff BASE HEAD",
  ]

  /// Forms that an edit of a manifest, committed, answers.
  private static let edits = [
    "config:set": "set env.KEY in app.yaml, then commit",
    "config:unset": "remove env.KEY from app.yaml, then commit",
    "apps:destroy": "remove the app's folder, then commit; `muster holds` asks for consent",
    "apps:rename": "set name in app.yaml, and the old one in `was`, then commit",
    "domains:add": "add to domains in app.yaml, then commit",
    "domains:remove": "remove from domains in app.yaml, then commit",
    "stack:set": "set stack in app.yaml, then commit",
    "apps:stacks:set": "set stack in app.yaml, then commit",
  ]

  /// Insertions, deletions, replacements and swaps of neighbours between two words.
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var rows = [Array(0...right.count)]
    for (row, character) in left.enumerated() {
      var next = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(
          rows[row][column] + (character == other ? 0 : 1), rows[row][column + 1] + 1,
          next[column] + 1)
        if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
          best = min(best, rows[row - 1][column - 1] + 1)
        }
        next.append(best)
      }
      rows.append(next)
    }
    return rows[left.count][right.count]
  }
}
