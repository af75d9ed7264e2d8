// Splits a command into statements and words, as far as the simulated runtime needs it. It is no
// shell: what it does not know stays a word.

/// A command's statements.
enum ShellWords {
  /// One statement.
  struct Statement: Hashable {
    /// Its words, quotes taken off, variables put in.
    var words: [String] = []
    /// Whether its output goes to standard error.
    var toStandardError = false
  }

  /// The statements of a script; `variables` are put in where `$NAME` or `${NAME}` stands.
  static func statements(of script: String, variables: [String: String]) -> [Statement] {
    var scanner = Scanner(script: Array(script), variables: variables)
    return scanner.scan()
  }

  private struct Scanner {
    let script: [Character]
    let variables: [String: String]
    var index = 0
    var statements: [Statement] = []
    var statement = Statement()
    var word: String?

    init(script: [Character], variables: [String: String]) {
      self.script = script
      self.variables = variables
    }

    mutating func scan() -> [Statement] {
      while index < script.count { step() }
      endStatement()
      return statements
    }

    private mutating func step() {
      let character = script[index]
      index += 1
      switch character {
      case " ", "\t": endWord()
      case ";", "\n", "&": separator(character)
      case "#" where word == nil: skipLine()
      case "'": quoted { $0 == "'" }
      case "\"": doubleQuoted()
      case "\\" where index < script.count: append(script[index]); index += 1
      case "$": append(variable())
      default: append(character)
      }
    }

    private mutating func separator(_ character: Character) {
      if character == "&", let open = word, open.hasSuffix(">") { return append("&") }
      endStatement()
    }

    private mutating func skipLine() {
      while index < script.count, script[index] != "\n" { index += 1 }
    }

    private mutating func quoted(until isEnd: (Character) -> Bool) {
      word = word ?? ""
      while index < script.count, !isEnd(script[index]) {
        append(script[index])
        index += 1
      }
      index += 1
    }

    private mutating func doubleQuoted() {
      word = word ?? ""
      while index < script.count, script[index] != "\"" {
        let character = script[index]
        index += 1
        if character == "\\", index < script.count {
          append(script[index])
          index += 1
        } else if character == "$" {
          append(variable())
        } else {
          append(character)
        }
      }
      index += 1
    }

    private mutating func variable() -> String {
      let braced = index < script.count && script[index] == "{"
      if braced { index += 1 }
      var name = ""
      while index < script.count,
        script[index].isNumber || script[index].isLetter
          || script[index] == "_"
      {
        name.append(script[index])
        index += 1
      }
      if braced { skipBrace() }
      return name.isEmpty ? "$" : variables[name] ?? ""
    }

    private mutating func skipBrace() {
      while index < script.count, script[index] != "}" { index += 1 }
      index += 1
    }

    private mutating func append(_ character: Character) { word = (word ?? "") + [character] }
    private mutating func append(_ text: String) { word = (word ?? "") + text }

    private mutating func endWord() {
      defer { word = nil }
      guard let word else { return }
      if word == ">&2" || word == "1>&2" { return statement.toStandardError = true }
      statement.words.append(word)
    }

    private mutating func endStatement() {
      endWord()
      if !statement.words.isEmpty { statements.append(statement) }
      statement = Statement()
    }
  }
}
