// The first word of a command line: what to say when it is no command here. Heroku's forms are done
// in the words of this program, or answered with the line to type.

import Review

/// Knows the commands there are.
struct CommandWords {
  let commands: [String]

  /// The words to go by: the same, or what Heroku's form is here. Throws a usage failure, with the
  /// line to type or what may have been meant, when the first word is no command.
  func understood(_ words: [String]) throws(CommandFailure) -> [String] {
    guard let word = words.first, !word.hasPrefix("-"), !word.isEmpty, word != "help",
      !commands.contains(word)
    else { return words }
    let shown = word.escapingControls
    switch HerokuForms(commands: commands).answer(words) {
    case .run(let words): return words
    case .type(let line):
      throw CommandFailure(
        .usage, "\(shown) is Heroku's form", fix: "here: \(line.escapingControls)")
    case .nothing:
      throw CommandFailure(
        .usage, "there is no command \(shown), and this version does nothing like it",
        fix: "`muster --help` lists the commands there are")
    case nil: throw unknown(word)
    }
  }

  private func unknown(_ word: String) -> CommandFailure {
    let near = commands.map { ($0, Self.distance(word, $0)) }.min { $0.1 < $1.1 }
    let fix =
      near.flatMap { $0.1 <= max(1, word.count / 3) ? "did you mean `muster \($0.0)`?" : nil }
    return CommandFailure(
      .usage, "there is no command \(word.escapingControls)",
      fix: fix ?? "`muster --help` lists the commands there are")
  }

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
