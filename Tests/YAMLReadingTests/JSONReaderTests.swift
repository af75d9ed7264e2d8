// What the JSON reader accepts and refuses.

import Testing
import YAMLReading

@Suite struct JSONReaderTests {
  @Test(arguments: [
    ("{}", "{}"),
    ("[]", "[]"),
    (" {\t\"a\"\r\n:\n1 } \n", "{a: 1}"),
    (
      "{\"a\": [1, -2.5e+10, true, false, null], \"b\": {\"c\": \"d\"}}",
      "{a: [1, -2.5e+10, true, false, null], b: {c: \"d\"}}"
    ),
    ("\"\\u00e9\\ud83d\\ude00\\/\\\\\\\"\\n\\t\"", "\"é😀/\\\"\n\t\""),
    ("[[[]], {}]", "[[[]], {}]"),
    ("12345678901234567890", "12345678901234567890"),
    ("-0", "-0"),
    ("\"\"", "\"\""),
    ("\u{FEFF}{}", "{}"),
    ("\"日本\u{2028}\"", "\"日本\u{2028}\""),
  ])
  func `reads JSON`(text: String, tree: String) {
    #expect(readJSON(text) == tree)
  }

  @Test(arguments: [
    ("", "syntax 1:1"), ("  ", "syntax 1:3"), ("{", "syntax 1:2"), ("[1", "syntax 1:3"),
    ("{\"a\" 1}", "syntax 1:6"), ("[1 2]", "syntax 1:4"), ("[1,]", "syntax 1:3"),
    ("{\"a\":1,}", "syntax 1:7"), ("{,}", "syntax 1:2"), ("[,1]", "syntax 1:2"),
    ("// x\n{}", "syntax 1:1"), ("{} // x", "syntax 1:4"), ("{a: 1}", "syntax 1:2"),
    ("{'a': 1}", "syntax 1:2"), ("[01]", "syntax 1:2"), ("[1.]", "syntax 1:2"),
    ("[.5]", "syntax 1:2"), ("[+1]", "syntax 1:2"), ("[0x1]", "syntax 1:2"),
    ("[NaN]", "syntax 1:2"), ("[True]", "syntax 1:2"), ("{} {}", "syntax 1:4"),
    ("\"a\nb\"", "syntax 1:1"), ("\"a\tb\"", "syntax 1:3"), ("\"\\x\"", "syntax 1:2"),
    ("\"\\ud83d\"", "syntax 1:2"), ("\"\\ude00\\ud83d\"", "syntax 1:2"),
    ("\"\\ud83d\\u0041\"", "syntax 1:2"), ("\"\\u12g4\"", "syntax 1:2"), ("\"abc", "syntax 1:1"),
    ("\"\\", "syntax 1:2"), ("]", "syntax 1:1"), ("[}", "syntax 1:2"), ("{\"a\":}", "syntax 1:6"),
    ("{\"a\":1 \"b\":2}", "syntax 1:8"), ("“a”", "syntax 1:1"),
    ("\"\\u0000\"", "control-character 1:2"), ("\"\u{1}\"", "control-character 1:2"),
    ("{\"a\":1,\n\"\\u0061\":2}", "duplicate-key 2:1"),
  ])
  func `refuses what is no JSON`(text: String, place: String) {
    #expect(readJSON(text) == place)
  }

  @Test(arguments: [
    ("[1,]", "delete the comma"),
    ("{} # x", "delete the comment"),
    ("{'a': 1}", "use double quotes"),
    ("[True]", "write `true`"),
    ("[007]", "write it as text: `\"007\"`"),
    ("[\"a\" \"b\"]", "put a comma before it, or close the `[` of line 1 with `]`"),
    ("{\"a\": 1 \"b\": 2}", "put a comma before it"),
    ("\"a\tb\"", "write it as `\\t`"),
  ])
  func `says what to write instead`(text: String, fix: String) {
    #expect(problem(ofJSON: text)?.fix == fix)
  }

  @Test func `gives keys and values their places`() throws {
    let root = try JSONReader.read(Array("{\"é\": 1,\r\n \"b\": [\"x\"]}".utf8))
    guard case .mapping(let pairs) = root.content else {
      return #expect(Bool(false), "not the tree that was written")
    }
    #expect(pairs.map(\.keyMark) == [TextMark(line: 1, column: 2), TextMark(line: 2, column: 2)])
    #expect(
      pairs.map(\.value.mark) == [TextMark(line: 1, column: 7), TextMark(line: 2, column: 7)])
  }

  @Test func `a duplicate key names its first place`() {
    let problem = problem(ofJSON: "{\"a\": 1,\n \"b\": 2,\n \"a\": 3}")
    #expect(problem?.mark == TextMark(line: 3, column: 2))
    #expect(problem?.related?.mark == TextMark(line: 1, column: 2))
  }
}
