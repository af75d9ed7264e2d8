// Edits of one value: what the file says afterwards, byte by byte, and what is refused.

import Testing
import YAMLReading

@Suite struct `Editing one value of a YAML file` {
  /// The file after an edit; for a refusal its place and the line to type.
  private func set(
    _ path: String, to text: String, as meaning: ScalarMeaning = .value, order: [String] = [],
    in file: String
  ) -> String {
    var edit = YAMLEdit(
      path.split(separator: ".").map(String.init), to: YAMLEdit.value(text, as: meaning))
    edit.keyOrder = { _ in order }
    do throws(ReadingProblem) {
      let result = try edit.applied(to: Array(file.utf8))
      return String(decoding: result.bytes, as: UTF8.self)
    } catch {
      return "\(error.code) \(error.mark.line):\(error.mark.column) \(error.fix ?? "")"
    }
  }

  private static let shop = """
    # The shop.
    name: shop   # its name
    env:
        RACK_ENV: "production"  # do not touch
        # Payments.
        MODE: 'live'
    formation:
        web: {quantity: 1, size: eco}   # one
        worker:
            quantity: 2
    # The end.

    """

  @Test func `a scalar is replaced, and comments, order and blanks stay`() {
    let file = Self.shop
    #expect(
      set("formation.web.quantity", to: "3", in: file)
        == file.replacing("quantity: 1", with: "quantity: 3"))
    #expect(
      set("formation.worker.quantity", to: "10", in: file)
        == file.replacing("quantity: 2", with: "quantity: 10"))
    #expect(
      set("name", to: "store", in: file) == file.replacing("name: shop ", with: "name: store "))
    #expect(
      set("env.RACK_ENV", to: "a \"b\"", as: .text, in: file)
        == file.replacing("\"production\"", with: #""a \"b\"""#))
    #expect(
      set("env.MODE", to: "it's", as: .text, in: file) == file.replacing("'live'", with: "'it''s'"))
  }

  @Test func `a missing key is added with the file's own indentation`() {
    let file = Self.shop
    #expect(
      set("env.KEY", to: "x", as: .text, in: file)
        == file.replacing("MODE: 'live'\n", with: "MODE: 'live'\n    KEY: x\n"))
    #expect(
      set("formation.web.min_healthy", to: "10s", in: file)
        == file.replacing("size: eco}", with: "size: eco, min_healthy: 10s}"))
    #expect(
      set("formation.clock.quantity", to: "1", in: file)
        == file.replacing(
          "quantity: 2\n", with: "quantity: 2\n    clock:\n        quantity: 1\n"))
    #expect(
      set("router.timeout", to: "10s", in: file)
        == file.replacing("quantity: 2\n", with: "quantity: 2\nrouter:\n    timeout: 10s\n"))
    #expect(
      set("stack", to: "busybox", order: ["name", "stack", "env"], in: file)
        == file.replacing("# its name\n", with: "# its name\nstack: busybox\n"))
  }

  @Test(arguments: [
    ("a: {}\n", "a.b", "a: {b: 1}\n"), ("a: {b: {}}\n", "a.b.c", "a: {b: {c: 1}}\n"),
    ("a:\n", "a.b", "a:\n  b: 1\n"), ("a: ~\n", "a.b", "a: {b: 1}\n"),
    ("a: # why\n", "a", "a: 1 # why\n"), ("a:\n", "a", "a: 1\n"), ("", "a", "a: 1\n"),
    ("# only this", "a.b", "# only this\na:\n  b: 1\n"), ("{}\n", "a", "{a: 1}\n"),
    ("a: 0", "b", "a: 0\nb: 1"), ("a: 0\r\nb: 2\r\n", "c", "a: 0\r\nb: 2\r\nc: 1\r\n"),
    ("a: |\n  text\n\nb: 2\n", "c", "a: |\n  text\n\nb: 2\nc: 1\n"),
    ("b: 2\na: |\n  text\n\n# end\n", "c", "b: 2\na: |\n  text\nc: 1\n\n# end\n"),
    ("a: [x, y]\n", "a.1", "a: [x, 1]\n"), ("- a: 0\n  b: 0\n", "0.b", "- a: 0\n  b: 1\n"),
    ("a:\n- b: 0\n", "a.0.c", "a:\n- b: 0\n  c: 1\n"),
    ("é: {ü: ö} # ä\n", "é.ü", "é: {ü: 1} # ä\n"),
    ("\u{FEFF}a: 0\n", "a", "\u{FEFF}a: 1\n"),
  ])
  func `keys land where a person would put them`(file: String, path: String, wanted: String) {
    #expect(set(path, to: "1", in: file) == wanted)
  }

  @Test(arguments: [
    ("no", "no", "\"no\""), ("0777", "\"0777\"", "\"0777\""), ("", "\"\"", "\"\""),
    ("null", "null", "\"null\""), ("a: b", "\"a: b\"", "\"a: b\""), ("#x", "\"#x\"", "\"#x\""),
    ("8080", "8080", "8080"), ("x #y", "\"x #y\"", "\"x #y\""), ("*", "\"*\"", "\"*\""),
    ("two\nlines", "\"two\\nlines\"", "\"two\\nlines\""),
    ("say \"hi\" # now", "'say \"hi\" # now'", "'say \"hi\" # now'"),
    ("12:30", "12:30", "\"12:30\""),
    ("ghcr.io/a/b@sha256:12", "ghcr.io/a/b@sha256:12", "ghcr.io/a/b@sha256:12"),
    ("-x", "-x", "-x"), ("- x", "\"- x\"", "\"- x\""), (" x", "\" x\"", "\" x\""),
  ])
  func `quotes are put where they are needed`(text: String, value: String, variable: String) {
    // Quotes for what looks like no text are for config vars alone.
    let plain = text == "0777" ? "0777" : value
    #expect(set("k", to: text, in: "k: old\n") == "k: \(plain)\n")
    #expect(set("k", to: text, as: .text, in: "k: old\n") == "k: \(variable)\n")
  }

  @Test func `a list is set as it is written`() {
    #expect(set("domains", to: "[a.b, c.d]", in: "x: 1\n") == "x: 1\ndomains: [a.b, c.d]\n")
    #expect(
      set("domains", to: "[c.d]", in: "domains: [a.b]  # ours\n") == "domains: [c.d]  # ours\n")
    #expect(set("env.K", to: "[a]", as: .text, in: "env: {}\n") == "env: {K: \"[a]\"}\n")
  }

  @Test(arguments: [
    ("a: &x 1\nb: *x\n", "a", "1:4"), ("a: &x {k: 1}\nb: *x\n", "b.k", "2:4"),
    ("a: &x {k: 1}\nb: *x\n", "a.k", "1:4"), ("a: |\n  text\n", "a", "1:4"),
    ("a: one\n  two\n", "a", "1:4"), ("a:\n  b: 1\n", "a", "2:3"), ("a: [1]\n", "a.7", "1:4"),
    ("a: text\n", "a.b", "1:4"), ("a: !!str 1\n", "a", "1:4"), ("[1, 2]\n", "a", "1:1"),
    ("a: 1\n---\nb: 2\n", "a", "3:1"),
  ])
  func `what cannot be edited safely is refused with its place`(
    file: String, path: String, place: String
  ) {
    let key = path.split(separator: ".").last ?? ""
    #expect(
      set(path, to: "7", in: file) == "cannot-edit \(place) edit the file by hand: `\(key): 7`")
  }

  @Test func `a refusal does not show a config var's value`() {
    let answer = set("env.KEY", to: "canary-77", as: .text, in: "env:\n  KEY: |\n    x\n")
    #expect(answer == "cannot-edit 2:8 edit the file by hand: `KEY: …`")
  }
}
