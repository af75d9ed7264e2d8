// What the YAML reader refuses, with code and place; the words are in SyntaxWordsTests.

import Testing
import YAMLReading

@Suite struct YAMLRefusalTests {
  @Test(arguments: [
    "a: 1\n---\nb: [", "a: 1\n---\nb: 2\n---\n\"", "a: 1\n...\nb: c: d\n", "a: 1\n---\n- b\nc: d",
  ])
  func `a syntax error in any document refuses the whole file`(text: String) {
    #expect(readYAML(text).hasPrefix("syntax "))
  }

  @Test(arguments: [
    ("a: 1\nb: 2\na: 3", "duplicate-key 3:1", 1),
    ("a: 1\n'a': 3", "duplicate-key 2:1", 1),
    ("{a: 1, \"\\x61\": 2}", "duplicate-key 1:8", 1),
    ("x: {a: 1, a: 2}", "duplicate-key 1:11", 1),
    ("x:\n  - a: 1\n    b: 2\n    a: 1", "duplicate-key 4:5", 2),
    ("? a\n: 1\n? a\n: 2", "duplicate-key 3:3", 1),
    ((0..<40).map { "k\($0): 1\n" }.joined() + "k20: 2", "duplicate-key 41:1", 21),
    ((0..<40).map { "k\($0): 1\n" }.joined() + "k39: 2", "duplicate-key 41:1", 40),
  ])
  func `duplicate keys are refused with both places`(text: String, place: String, first: Int) {
    #expect(readYAML(text) == place)
    #expect(problem(ofYAML: text)?.related?.mark.line == first)
  }

  @Test(arguments: [
    ("a: &x {b: 1}\nc:\n  <<: *x", "merge-key 3:3"),
    ("a: *x", "unknown-alias 1:4"),
    ("a: &x [*x]", "cyclic-alias 1:8"),
    ("a: &x 1\n---\nb: *x", "unknown-alias 3:4"),
    ("a: !custom b", "tag 1:4"),
    ("a: !!binary aGk=", "tag 1:4"),
    ("a: !!map [b]", "tag 1:4"),
    ("!!set {a: ~}", "tag 1:1"),
    ("%TAG !e! tag:example.org,\n---\na", "tag 1:1"),
    ("a: b\n...\n%TAG !e! tag:example.org,\n---\na", "tag 3:1"),
    ("[a]: b", "complex-key 1:1"),
    ("? {a: b}\n: c", "complex-key 1:3"),
    ("a: &x [1]\n*x : 2", "complex-key 2:1"),
    ("?\n: b", "empty-key 1:2"),
    ("{? : b}", "empty-key 1:4"),
  ])
  func `features outside the profile are refused by name`(text: String, place: String) {
    #expect(readYAML(text) == place)
  }

  @Test func `a message quotes one line of what it is about`() {
    let key = String(repeating: "k", count: 900)
    for text in [
      "\(key): 1\n\(key): 2", "a: !\(key) b", "a: *\(key)", "{\"a\\nb\": 1, \"a\\nb\": 1}",
    ] {
      let message = problem(ofYAML: text)?.message ?? ""
      #expect(!message.isEmpty && message.count < 150 && !message.contains("\n"))
    }
  }

  @Test func `a quoted merge key is an ordinary key`() {
    #expect(readYAML("\"<<\": 1") == "{<<: 1}")
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF], "invalid-utf8 1:4"),
      (Array("ä: ".utf8) + [0xC3], "invalid-utf8 1:4"),
      (Array("a: 1\nb: ".utf8) + [0xED, 0xA0, 0x80], "invalid-utf8 2:4"),
      ([0x61, 0x3A, 0x20, 0xC0, 0x80], "invalid-utf8 1:4"),
      (Array("a: x\u{0}y".utf8), "control-character 1:5"),
      (Array("a: \u{1B}[31m".utf8), "control-character 1:4"),
      (Array("# \u{7F}".utf8), "control-character 1:3"),
      (Array("a: \u{85}b".utf8), "control-character 1:4"),
      (Array("a: b\u{2028}c: d".utf8), "control-character 1:5"),
      (Array("a: \u{202E}b".utf8), "control-character 1:4"),
      (Array("a: b # \u{2066}".utf8), "control-character 1:8"),
      (Array("a: \u{FEFF}b".utf8), "control-character 1:4"),
      (Array("a: \"\\0\"".utf8), "control-character 1:4"),
      (Array("a: \"\\e[31m\"".utf8), "control-character 1:4"),
      (Array("a: \"\\u202e\"".utf8), "control-character 1:4"),
      ([0xFF, 0xFE, 0x61, 0x00], "encoding 1:1"),
    ] as [([UInt8], String)])
  func `bytes that are no plain text are refused`(bytes: [UInt8], place: String) {
    #expect(readYAML(bytes) == place)
  }
}
