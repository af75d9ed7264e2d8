// Pages that are followed word by word: their commands are run, and what they show is printed.

import Foundation
import Testing

@Suite(.enabled(if: Sandbox.hasExecutable, "the executable `muster` was not built"))
struct TutorialTests {
  @Test(arguments: ["tutorial/ten-minutes.md", "how-to/staging-beside-production.md"])
  func `the commands of a page do what it shows`(_ page: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.remove() }
    try Self.check(page, in: sandbox)
  }

  /// Runs the commands of a page, in the folder when one is given, and compares what they print
  /// with what it shows. Returns what they printed.
  @discardableResult
  static func check(
    _ page: String, in sandbox: Sandbox, _ variables: [String: String] = [:],
    folder: String? = nil
  ) throws -> String {
    let page = try String(
      contentsOfFile: "\(Sandbox.repository)/docs/\(page)", encoding: .utf8)
    let blocks = CodeBlock.blocks(of: page)
    let script = blocks.filter { $0.language == "sh" }.map(\.text).joined(separator: "\n")
    let answer = try sandbox.run(folder.map { "cd '\($0)'\n\(script)" } ?? script, variables)
    #expect(answer.status == 0, "\(answer.output)")
    // Steps that go on at the same time end in any order: within a block, order says nothing.
    var rest = answer.output.split(separator: "\n").map(Self.masked)[...]
    for block in blocks where block.language == "text" {
      var end = rest.startIndex
      for line in block.lines.map(Self.masked) where !line.isEmpty {
        guard let index = rest.firstIndex(of: line) else {
          Issue.record("the page shows what was not printed: \(line)\n\(answer.output)")
          return answer.output
        }
        end = max(end, index + 1)
      }
      rest = rest[end...]
    }
    return answer.output
  }

  @Test func `a line that differs in more than time and commit is told apart`() {
    #expect(Self.masked("on 4e8d2a7 in 1.2s") == Self.masked("on 93ac01b in 400ms"))
    #expect(Self.masked("worker.1: up") != Self.masked("worker.2: up"))
  }

  /// A line without what differs from run to run: commits, digests, times, spans, spaces.
  static func masked(_ line: some StringProtocol) -> String {
    line.split(whereSeparator: \.isWhitespace).map { word in
      let core = word.trimmingCharacters(in: CharacterSet(charactersIn: "().,:"))
      return core.isEmpty || !isVolatile(core) ? String(word) : "…"
    }.joined(separator: " ")
  }

  private static func isVolatile(_ word: String) -> Bool {
    let isDigest = word.count >= 7 && word.allSatisfy(\.isHexDigit)
    let hasUnit = ["ms", "s", "m", "h"].contains { word.hasSuffix($0) }
    let isSpan =
      hasUnit
      && word.dropLast(word.hasSuffix("ms") ? 2 : 1).allSatisfy {
        $0.isNumber || $0 == "."
      }
    let isTime = word.first?.isNumber == true && word.contains { $0 == "/" || $0 == ":" }
    let isZone = word.first == "+" && word.dropFirst().allSatisfy(\.isNumber)
    return isDigest || isSpan || isTime || isZone
  }
}

/// A fenced block of a page.
struct CodeBlock {
  let language: String
  let lines: [String]
  var text: String { lines.joined(separator: "\n") }

  /// The fenced blocks of a page, in order.
  static func blocks(of page: String) -> [CodeBlock] {
    var blocks: [CodeBlock] = []
    var open: CodeBlock?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("```") else {
        if let block = open {
          open = CodeBlock(language: block.language, lines: block.lines + [String(line)])
        }
        continue
      }
      if let block = open {
        blocks.append(block)
        open = nil
      } else {
        open = CodeBlock(language: String(line.dropFirst(3)), lines: [])
      }
    }
    return blocks
  }
}
