// Numbers, `true`, `false`, `null`, and what people write in their place.

extension JSONCursor {
  /// Reads an unquoted value. Returns it as written.
  mutating func word() throws(ReadingProblem) -> String {
    var probe = self
    var text: [UInt8] = []
    while let byte = probe.byte, Self.isWordByte(byte) {
      text.append(byte)
      probe.advance()
    }
    let word = String(decoding: text, as: UTF8.self)
    guard ["true", "false", "null"].contains(word) || Self.isNumber(text) else {
      throw wordProblem(word)
    }
    self = probe
    return word
  }

  /// What is wrong with a key that is not quoted.
  var keyProblem: ReadingProblem {
    switch byte {
    case nil: problem("the file ends where a key is expected", fix: "close the mapping with `}`")
    case .apostrophe: problem("a key in single quotes", fix: "use double quotes")
    case .comma: problem("a comma without an entry before it", fix: "delete the comma")
    default: problem("a key must be in double quotes", fix: "write `\"key\": value`")
    }
  }

  private func wordProblem(_ word: String) -> ReadingProblem {
    switch byte {
    case nil: return problem("the file ends where a value is expected")
    case .apostrophe: return problem("a string in single quotes", fix: "use double quotes")
    case .comma: return problem("a comma without a value before it", fix: "delete the comma")
    case UInt8(ascii: "}"), UInt8(ascii: "]"), .colon:
      return problem("a value is missing here")
    case 0xE2 where byte(after: 1) == 0x80: return problem("a typographic quote", fix: "use `\"`")
    default: break
    }
    if let name = ["true", "false", "null"].first(where: { $0 == word.lowercased() }) {
      return problem("`\(word)` is no JSON value", fix: "write `\(name)`")
    }
    if word.utf8.first.map({ (0x30...0x39).contains($0) || "+-.".utf8.contains($0) }) == true {
      return problem(
        "`\(word.prefix(40))` is no JSON number", fix: "write it as text: `\"\(word.prefix(40))\"`")
    }
    return problem("text must be in double quotes")
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// RFC 8259: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  private static func isNumber(_ text: [UInt8]) -> Bool {
    var rest = text[...]
    func digits() -> Int { rest.prefix { (0x30...0x39).contains($0) }.count }
    if rest.first == .minus { rest.removeFirst() }
    let whole = digits()
    guard whole > 0, whole == 1 || rest.first != UInt8(ascii: "0") else { return false }
    rest.removeFirst(whole)
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      let count = digits()
      guard count > 0 else { return false }
      rest.removeFirst(count)
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == .minus { rest.removeFirst() }
      let count = digits()
      guard count > 0 else { return false }
      rest.removeFirst(count)
    }
    return rest.isEmpty
  }
}
