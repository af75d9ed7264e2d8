// Random Procfiles: whatever stands in one, no line is passed over without a word.

import FormationModel
import ManifestParsing
import Testing

@Suite struct ProcfileHostileTests {
  /// The same numbers everywhere (SplitMix64), so that a failing seed comes back.
  private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  @Test func `random bytes end in entries or in diagnostics`() {
    for seed in 0..<3_000 as Range<UInt64> {
      var random = SeededNumbers(state: seed)
      let count = Int.random(in: 0...80, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let read = Procfile.read(bytes, file: "Procfile")
      #expect(!read.entries.isEmpty || !read.diagnostics.isEmpty, "seed \(seed)")
    }
  }

  @Test func `every line is an entry, named by a diagnostic, or part of one`() {
    let pieces = [
      "web", "worker", ":", ": ", " :", "run x", "#", " ", "  ", "\t", "|", "\\", "<<<<<<< a", "é",
      "=======", "\n", "\n", "\n", "\r\n", "//", "%P%", "-", "\"",
    ]
    for seed in 0..<5_000 as Range<UInt64> {
      var random = SeededNumbers(state: seed)
      var text = ""
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        text += pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      let read = Procfile.read(Array(text.utf8), file: "Procfile")
      let wrapped = read.diagnostics.contains { $0.code == "multi-line-command" }
      let told = Set(
        read.entries.map(\.mark.line) + read.diagnostics.compactMap { $0.mark?.line }
          + read.diagnostics.flatMap { $0.related.map(\.mark.line) })
      for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        .enumerated()
      {
        let body = line.drop { $0 == " " || $0 == "\t" }
        guard !body.isEmpty, !body.hasPrefix("#"), !wrapped else { continue }
        #expect(
          told.contains(index + 1), "seed \(seed): line \(index + 1) of \(text.debugDescription)")
      }
    }
  }
}
