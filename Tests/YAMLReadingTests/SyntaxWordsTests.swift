// How syntax errors are worded: what is wrong, and the line to write instead.

import Testing
import YAMLReading

@Suite struct SyntaxWordsTests {
  @Test(arguments: [
    // Values that start with one of YAML's signs.
    ("a: 1\ncron: */5 * * * *\n", "2:7", "`cron: \"*/5 * * * *\"`"),
    ("cron: * * * * * # each minute\n", "1:7", "`cron: \"* * * * *\" # each minute`"),
    ("domain: *.example.com", "1:9", "`domain: \"*.example.com\"`"),
    ("a:\n  - *all\n", "2:5", "`- \"*all\"`"),
    ("every: @daily\n", "1:8", "`every: \"@daily\"`"),
    ("run: `date`", "1:6", "`run: \"`date`\"`"),
    ("port: %PORT%", "1:7", "`port: \"%PORT%\"`"),
    ("run: && b", "1:6", "`run: \"&& b\"`"),
    ("run: | tee x", "1:6", "`run: \"| tee x\"`"),
    ("run: > x", "1:6", "`run: \"> x\"`"),
    ("run: !x y", "1:6", "quote the value"),
    ("a: {b: @x, c: d}", "1:8", "`a: {b: \"@x\", c: d}`"),
    ("a: [*.x, y]", "1:5", "`a: [\"*.x\", y]`"),
    // A second colon, a missing space, a missing colon.
    ("a: b: c", "1:5", "`a: \"b: c\"`"),
    ("- run: echo a: \"b\"\n", "1:14", "`- run: 'echo a: \"b\"'`"),
    ("a: it's x: y", "1:10", "`a: \"it's x: y\"`"),
    ("a: 1\nB:c\nd: 2\n", "2:3", "`B: c`"),
    ("a: 1\njust text\nb: 2", "2:1", "`key: value`"),
    // Commands in flow style.
    (
      "web: {run: app -p ${PORT}, size: x}", "1:20",
      "`web: {run: \"app -p ${PORT}\", size: x}`"
    ),
    ("web: {run: echo a, b}", "1:20", "`web: {run: \"echo a, b\"}`"),
    ("web: {run: a: b}", "1:13", "`web: {run: \"a: b\"}`"),
    ("w: [a {b}, c]", "1:7", "`w: [\"a {b}\", c]`"),
    ("url: {host}/x", "1:6", "`url: \"{host}/x\"`"),
    ("url: {{ host }}/x", "1:7", "`url: \"{{ host }}/x\"`"),
    ("test: [ -f x ] && y", "1:16", "`test: \"[ -f x ] && y\"`"),
    // Quotes.
    ("a: \"x\" y", "1:8", "`a: '\"x\" y'`"),
    ("a: 'it's here'", "1:8", "`a: \"it's here\"`"),
    ("a: \"\\d+\"", "1:5", "`a: '\\d+'`"),
    // Indentation.
    ("a:\n\tb: 1", "2:1", "spaces"),
    ("a: 1\n  b: 2", "2:3", "indentation of the keys"),
    ("a:\n    b: 1\n  c: 2", "3:3", "line 1"),
    ("a: - b", "1:4", "a line of its own"),
    ("a: 1\n<<<<<<< HEAD\nb: 2\n", "2:1", "keep one side"),
  ])
  func `says where the mistake is and what to write`(text: String, place: String, fix: String) {
    let problem = problem(ofYAML: text)
    let found = problem.map { "\($0.mark.line):\($0.mark.column)" }
    #expect(found == place, "\(problem?.message ?? "no problem")")
    #expect(problem?.fix?.contains(fix) == true, "\(problem?.fix ?? "no fix")")
  }

  @Test(arguments: [
    ("a: @b", "an unquoted value cannot start with `@`"),
    ("a: b: c", "a second `: ` in an unquoted value"),
    ("a: \"b", "the quote that opens here is never closed"),
    ("a:\n\tb: 1", "a tab is used to indent; YAML takes spaces only"),
    ("a: 1\nB:c\nd: 2", "there is no space after the colon"),
    ("a: [1, 2", "the `[` of line 1 is not closed before this"),
    (
      "a: {b:, c: d}",
      "a colon inside `{…}` or `[…]` needs a space after it, or quotes around its text"
    ),
    ("%FOO bar\n---\na", "a line that starts with `%` is a directive, and this one is unknown"),
  ])
  func `words the message for people`(text: String, message: String) {
    #expect(problem(ofYAML: text)?.message == message)
  }

  @Test func `a fix reads as it was meant`() {
    for text in [
      "cron: */5 * * * *", "a: b: c", "run: `x` 'y'", "url: {host}/x", "a: 'it's here'",
      "web: {run: app -p ${PORT}, size: x}", "a: \"x\" y", "a: it's x: \"y\"",
    ] {
      let fix = problem(ofYAML: text)?.fix ?? ""
      let line = fix.split(separator: "`", maxSplits: 1).last?.dropLast() ?? ""
      #expect(readYAML(String(line)).hasPrefix("{"), "\(line)")
    }
  }

  @Test func `a secret is not repeated in a fix`() {
    for key in ["API_KEY", "DB_PASSWORD", "DATABASE_URL", "\"SECRET\""] {
      let fix = problem(ofYAML: "env:\n  \(key): @hunter2: x")?.fix
      #expect(fix?.contains("hunter2") == false)
      #expect(fix?.contains(key) == true)
    }
  }

  @Test func `no fix repeats a very long line`() {
    let text = "a: @" + String(repeating: "x", count: 10_000)
    #expect(problem(ofYAML: text)?.fix == "put the value in quotes")
  }
}
