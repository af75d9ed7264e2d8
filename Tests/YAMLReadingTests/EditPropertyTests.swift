// Random edits of random documents: the file then says the value at its path, everything else as
// before, and differs in one piece of text alone. The seeds are fixed.

import Testing
import YAMLReading

@Suite struct `Random edits of random files` {
  /// Writes random mappings as people do: block and flow, comments, blanks, quotes, anchors.
  private struct Writer {
    var chance: SplitMix64
    var paths: [[String]] = []
    let step: Int

    init(seed: UInt64) {
      chance = SplitMix64(seed: seed)
      step = Int.random(in: 1...4, using: &chance)
    }

    mutating func one(of texts: [String]) -> String { texts.randomElement(using: &chance) ?? "" }

    mutating func scalar() -> String {
      one(of: [
        "1", "text", "'single #1'", "\"double: \\\"x\\\"\"", "two words", "~", "\"\"", "é ü",
        "http://host:80/x", "true", "'it''s'",
      ])
    }

    mutating func comment() -> String {
      one(of: ["", "", "", "  # a comment", " # key: value", "\t# tabs"])
    }

    mutating func flow(_ path: [String], _ depth: Int) -> String {
      let count = Int.random(in: 0...3, using: &chance)
      let entries = (0..<count).map { index -> String in
        let key = "f\(index)"
        paths.append(path + [key])
        let isDeep = depth < 2 && Int.random(in: 0..<4, using: &chance) == 0
        return "\(key): " + (isDeep ? flow(path + [key], depth + 1) : scalar())
      }
      return "{" + entries.joined(separator: one(of: [", ", ","])) + "}"
    }

    mutating func block(_ path: [String], _ depth: Int) -> String {
      let indent = String(repeating: " ", count: depth * step)
      var text = ""
      for index in 0..<Int.random(in: 1...4, using: &chance) {
        let key = "k\(index)"
        paths.append(path + [key])
        if Int.random(in: 0..<5, using: &chance) == 0 { text += "\(indent)# note \(index)\n" }
        if Int.random(in: 0..<6, using: &chance) == 0 { text += "\n" }
        text += "\(indent)\(key):"
        switch Int.random(in: 0..<10, using: &chance) {
        case 0...1 where depth < 3:
          text += "\(comment())\n" + block(path + [key], depth + 1)
        case 2: text += " \(flow(path + [key], 0))\(comment())\n"
        case 3: text += " |\n\(indent)  line one\n\(indent)  line two\n"
        case 4: text += "\n\(indent)- \(scalar())\n\(indent)- \(scalar())\n"
        case 5: text += "\(comment())\n"
        case 6: text += " &a\(depth)\(index) \(scalar())\n"
        default: text += " \(scalar())\(comment())\n"
        }
      }
      return text
    }
  }

  /// Every scalar of a tree by its path.
  private func leaves(_ node: YAMLNode, _ path: String = "") -> [String: String] {
    switch node.content {
    case .scalar(let scalar): [path: scalar.isNull ? "nothing" : "=\(scalar.text)"]
    case .sequence(let items):
      items.enumerated().reduce(into: [path: "list"]) { all, item in
        all.merge(leaves(item.element, "\(path)/\(item.offset)")) { $1 }
      }
    case .mapping(let pairs):
      pairs.reduce(into: [path: "mapping"]) { all, pair in
        all.merge(leaves(pair.value, "\(path)/\(pair.key)")) { $1 }
      }
    }
  }

  private static let values = [
    "3", "new text", "no", "a: b # c", "it's \"so\"", "", "[not, a, list", "ü", "0777", "null",
    "two\nlines", "&x", "ghcr.io/acme/shop@sha256:0123",
  ]

  @Test(arguments: [UInt64](0..<12))
  func `the value is there, and nothing else has changed`(batch: UInt64) throws {
    var edited = 0
    for round in 0..<100 {
      let seed = batch * 1000 + UInt64(round)
      var writer = Writer(seed: seed)
      let file = writer.block([], 0)
      var path = writer.paths.randomElement(using: &writer.chance) ?? ["k0"]
      switch Int.random(in: 0..<8, using: &writer.chance) {
      case 0...3: path[path.count - 1] = "new"
      case 4: path += ["new", "deeper"]
      default: break
      }
      let text = writer.one(of: Self.values)
      let before = try YAMLReader.read(Array(file.utf8))
      let result: YAMLEdit.Result
      do throws(ReadingProblem) {
        result = try YAMLEdit(path, to: .scalar(text, as: .text)).applied(to: Array(file.utf8))
      } catch {
        #expect(error.code == "cannot-edit", "seed \(seed): \(error)")
        continue
      }
      edited += 1
      let after = try YAMLReader.read(result.bytes)
      var wanted = before.first.map { leaves($0) } ?? [:]
      for depth in path.indices {
        wanted["/" + path[..<depth].joined(separator: "/")] = "mapping"
      }
      wanted[""] = "mapping"
      wanted["/"] = nil
      wanted["/" + path.joined(separator: "/")] = "=\(text)"
      let comment: Comment = "seed \(seed): \(path) = \(text) in\n\(file)"
      #expect(after.first.map { leaves($0) } == wanted, comment)
      #expect(isOnePiece(Array(file.utf8), result.bytes), comment)
    }
    #expect(edited > 50, "most files can be edited")
  }

  /// Whether a text was replaced or put in at one place: what is left of the old file before and
  /// after it has no comment and no line less.
  private func isOnePiece(_ old: [UInt8], _ new: [UInt8]) -> Bool {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old[head...].reversed(), new[head...].reversed()).prefix { $0 == $1 }.count
    let gone = old[head..<max(head, old.count - tail)]
    return !gone.contains(UInt8(ascii: "\n")) && gone.count <= 24
  }
}
