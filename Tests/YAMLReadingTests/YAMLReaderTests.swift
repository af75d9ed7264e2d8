// What the YAML reader accepts, as tables of text and tree.

import Testing
import YAMLReading

@Suite struct YAMLReaderTests {
  @Test(arguments: [
    ("", ""),
    ("# nothing\n", ""),
    ("a: 1", "{a: 1}"),
    ("a: 1\nb: two words\n", "{a: 1, b: two words}"),
    ("a:\n  b:\n    - x\n    - y: z\n", "{a: {b: [x, {y: z}]}}"),
    ("a: {b: , \"c\":, d: , é: &x , f: !!null }", "{a: {b: ~, c: ~, d: ~, é: ~, f: ~}}"),
    ("é: ü\r\nb: {c: }", "{é: ü, b: {c: ~}}"),
    ("a: {b: c, d: [e, f]}", "{a: {b: c, d: [e, f]}}"),
    ("a:\nb: ''\nc: \"\"\nd: ~", "{a: ~, b: \"\", c: \"\", d: ~}"),
    ("a: 'it''s'\nb: \"x\\ty\"", "{a: \"it's\", b: \"x\ty\"}"),
    ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", "{a: \"one\ntwo\n\", b: \"one two\"}"),
    ("a: one\n  two", "{a: one two}"),
    ("a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"),
    ("\u{FEFF}a: 1", "{a: 1}"),
    ("---\na: 1\n---\nb: 2\n...\n", "{a: 1} | {b: 2}"),
    ("%YAML 1.2\n---\na: 1", "{a: 1}"),
    ("key with spaces: Ünï — 日本語", "{key with spaces: Ünï — 日本語}"),
    ("\"quoted\": 1\n'single': 2", "{quoted: 1, single: 2}"),
    ("a: x#y\nb: x # comment", "{a: x#y, b: x}"),
    ("a: http://x.example:80/?q=1&r=*", "{a: http://x.example:80/?q=1&r=*}"),
    ("a: \t1", "{a: 1}"),
    ("- a\n-\n  - b\n", "[a, [b]]"),
    ("just text", "just text"),
    ("a: \"\\u00e9\\U0001F600\"", "{a: \"é😀\"}"),
  ])
  func `reads YAML as people write it`(text: String, tree: String) {
    #expect(readYAML(text) == tree)
  }

  @Test(arguments: [
    "yes", "no", "on", "off", "y", "n", "true", "True", "1.10", "0777", "0x1F", "1e3", "22:22",
    "12:30:45", "2001-12-14", ".inf", ".NaN", "1_000", "+1", "-1", "9223372036854775808", "0o14",
    "NO", "=", "0b1", "685.230_15e+03", "12345678901234567890",
  ])
  func `leaves the meaning of a plain scalar to the field`(text: String) {
    #expect(readYAML("a: \(text)") == "{a: \(text)}")
    #expect(readYAML("[\(text)]") == "[\(text)]")
  }

  @Test(arguments: [
    ("a: &x {b: c}\nd: *x", "{a: {b: c}, d: {b: c}}"),
    ("a: &x 1\nb: &x 2\nc: *x", "{a: 1, b: 2, c: 2}"),
    ("- &k key\n- *k : value", "[key, {key: value}]"),
    ("a: &x\nb: *x", "{a: ~, b: ~}"),
    ("&x a: 1\nb: *x", "{a: 1, b: a}"),
  ])
  func `expands aliases`(text: String, tree: String) {
    #expect(readYAML(text) == tree)
  }

  @Test(arguments: [
    ("a: !!str 1", "{a: \"1\"}"),
    ("a: ! 1", "{a: \"1\"}"),
    ("a: !!int \"1\"", "{a: 1}"),
    ("a: !!map {b: c}", "{a: {b: c}}"),
    ("a: !!seq [b]", "{a: [b]}"),
    ("a: !<tag:yaml.org,2002:str> 1", "{a: \"1\"}"),
  ])
  func `reads the tags of the core schema`(text: String, tree: String) {
    #expect(readYAML(text) == tree)
  }

  @Test func `gives every key and value its place, counted in characters`() throws {
    let text = "ключ: значение\nlist:\n  - {é: x, b: \"y\"}\nnothing:\n"
    let root = try #require(try YAMLReader.read(Array(text.utf8)).first)
    guard case .mapping(let pairs) = root.content,
      case .sequence(let items) = pairs[1].value.content,
      case .mapping(let inner) = try #require(items.first).content
    else { return #expect(Bool(false), "not the tree that was written") }
    #expect(root.mark == TextMark(line: 1, column: 1))
    #expect(pairs.map(\.keyMark) == [1, 2, 4].map { TextMark(line: $0, column: 1) })
    #expect(pairs[0].value.mark == TextMark(line: 1, column: 7))
    #expect(inner.map(\.keyMark.column) == [6, 12])
    #expect(inner.map(\.value.mark.column) == [9, 15])
    #expect(pairs[2].value.mark.line == 4)
  }

  @Test func `counts columns after a byte-order mark from one`() throws {
    let root = try #require(try YAMLReader.read([0xEF, 0xBB, 0xBF] + Array("a: 1".utf8)).first)
    #expect(root.mark == TextMark(line: 1, column: 1))
  }

  @Test func `places an alias where it is written and its content where that is written`() throws {
    let root = try #require(try YAMLReader.read(Array("a: &x {b: c}\nd: *x".utf8)).first)
    guard case .mapping(let pairs) = root.content, case .mapping(let inner) = pairs[1].value.content
    else { return #expect(Bool(false), "not the tree that was written") }
    #expect(pairs[1].value.mark == TextMark(line: 2, column: 4))
    #expect(inner.first?.keyMark == TextMark(line: 1, column: 8))
  }
}
