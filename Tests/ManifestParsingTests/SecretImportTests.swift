// Files of secrets: what Heroku prints comes back as it was, what is doubtful is refused, and no
// problem quotes a file.

import FormationModel
import ManifestParsing
import Testing

@Suite struct SecretImportTests {
  private func read(_ text: String, limits: Limits = Limits()) -> [String: String] {
    let file = SecretImport(Array(text.utf8), limits: limits)
    #expect(file.problems.isEmpty, "\(file.problems)")
    return Dictionary(
      file.entries.map { ($0.name.rawValue, $0.value.unredacted) }, uniquingKeysWith: { $1 })
  }

  private func lines(_ text: String, limits: Limits = Limits()) -> [Int] {
    SecretImport(Array(text.utf8), limits: limits).problems.map(\.line)
  }

  @Test func `lines as Heroku prints them for a shell`() {
    let found = read(
      #"""
      PLAIN=abc-123_x.y/z
      SPACES='two words'
      BACKSLASH='a\\b c'
      QUOTE="it's \$5 \`x\` \"y\" \\n\!"
      LINES="one\ntwo"
      EMPTY=
      EQUALS='a=b=c=='

      """#)
    #expect(
      found == [
        "PLAIN": "abc-123_x.y/z", "SPACES": "two words", "BACKSLASH": #"a\b c"#,
        "QUOTE": #"it's $5 `x` "y" \n!"#, "LINES": "one\ntwo", "EMPTY": "", "EQUALS": "a=b=c==",
      ])
  }

  @Test func `files by hand`() {
    let found = read(
      "\u{FEFF}# comment\n\n  export A=1  \r\nB='x' # why\n\tC=\"line 1\nline 2\"\n"
        + "lower-case.name=y\nD='a#b'")
    #expect(
      found == ["A": "1", "B": "x", "C": "line 1\nline 2", "lower-case.name": "y", "D": "a#b"])
  }

  @Test func `JSON as Heroku prints it`() {
    let found = read(#"{"A": "x\ny", "B": "", "C": "\u00e9 \"q\""}"# + "\n")
    #expect(found == ["A": "x\ny", "B": "", "C": "é \"q\""])
  }

  @Test(arguments: [
    ("A=1\nno equals\nB=2\n=x\nC=two words\n", [2, 4, 5]),
    ("A='open\nB=2\n", [1]),
    ("A='x'y\nB=\"z\" w\nC=3\n", [1, 2]),
    ("A=1\nB=2\nA=3\n", [3]),
    ("9 x=1\nA B=2\n", [1, 2]),
    ("A=it's\n", [1]),
    ("A=a#b\n", [1]),
    ("", [1]), ("# nothing\n", [1]),
    ("{\"A\": 1,\n \"B\": null,\n \"C\": {}}", [1, 2, 3]),
    ("{\"A\": \"x\"\n \"B\": \"y\"}", [2]),
    ("{}", [1]), ("{\"A\": \"x\",\n\"A\": \"y\"}", [2]),
    ("A=x\u{0}y\n", [1]),
  ])
  func `each bad line is named by its number`(text: String, expected: [Int]) {
    #expect(lines(text) == expected)
  }

  @Test func `budgets`() {
    var limits = Limits()
    limits.secretBytes = 4
    limits.secretsPerOwner = 2
    limits.secretImportBytes = 40
    #expect(lines("A=1234\nB=12345\n", limits: limits) == [2])
    #expect(lines("A=1\nB=2\nC=3\n", limits: limits) == [3])
    #expect(lines(String(repeating: "# x\n", count: 11), limits: limits) == [1])
    #expect(SecretImport([0x41, 0x3D, 0x31, 0x0A, 0x42, 0x3D, 0xFF]).problems.map(\.line) == [2])
  }

  /// Heroku's own rule of quoting, from what its command line does.
  private func herokuQuoted(_ value: String) -> String {
    let special = "\"#!$&'()*,:;<=>?@[\\]^`{|} \t\r\n"
    guard value.unicodeScalars.contains(where: { special.unicodeScalars.contains($0) }) else {
      return value
    }
    guard value.unicodeScalars.contains(where: { "'\n".unicodeScalars.contains($0) }) else {
      return "'" + value.replacing("\\", with: "\\\\") + "'"
    }
    var text = ""
    for scalar in value.unicodeScalars {
      if "\"\\$`!".unicodeScalars.contains(scalar) { text += "\\" }
      text += scalar == "\n" ? "\\n" : String(Character(scalar))
    }
    return "\"\(text)\""
  }

  @Test func `whatever a value is, what Heroku prints brings it back`() throws {
    var random = SplitMix(seed: 7)
    let alphabet = Array("aZ0 \t\n\r'\"\\$`!#=é😀{}[]nux,:;-_.".unicodeScalars)
    for _ in 0..<5_000 {
      var value = ""
      for _ in 0..<random.next(below: 12) {
        value.unicodeScalars.append(alphabet[random.next(below: alphabet.count)])
      }
      let found = SecretImport(Array("BEFORE=1\nKEY=\(herokuQuoted(value))\nAFTER=2\n".utf8))
      #expect(found.problems.isEmpty, "\(value.debugDescription)")
      #expect(found.entries.map(\.value.unredacted) == ["1", value, "2"])
    }
  }

  @Test func `whatever a file is, it is read to its end and never quoted`() {
    let canary = "c4n4ry"
    let pieces = [
      "A=", "B", "=", "'", "\"", "\\", "\n", "\r\n", " ", "#", canary, "{", "}", "[", ",", ":",
      "export ", "\"\(canary)\"", "null", "\u{0}", "\u{FEFF}", "é",
    ]
    var random = SplitMix(seed: 11)
    for _ in 0..<20_000 {
      var text = random.next(below: 2) == 0 ? "{" : ""
      for _ in 0..<random.next(below: 14) { text += pieces[random.next(below: pieces.count)] }
      let file = SecretImport(Array(text.utf8))
      #expect(file.problems.isEmpty == false || file.entries.isEmpty == false)
      #expect(!"\(file.problems)".contains(canary), "\(text.debugDescription)")
      let last = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
      #expect(file.problems.allSatisfy { (1...last).contains($0.line) })
    }
  }

  @Test func `whatever bytes come, nothing breaks`() {
    var random = SplitMix(seed: 13)
    for _ in 0..<20_000 {
      let bytes = (0..<random.next(below: 40)).map { _ in UInt8(random.next(below: 256)) }
      let file = SecretImport(bytes)
      #expect(file.problems.isEmpty == false || file.entries.isEmpty == false)
    }
  }
}

/// Chance that a seed repeats.
private struct SplitMix {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(below limit: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(limit))
  }
}
