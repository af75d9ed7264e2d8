// Why mmdebstrap failed. Its exit code says nothing, so apt's own words are read: what a recipe can
// mend is told from a mirror that does not answer, which mends itself.

import FormationModel

/// What a failed build of a stack printed, judged.
struct AptFailure {
  /// When trying again can help.
  let retry: EffectFailure.Retry
  /// What went wrong, in apt's words.
  let words: String
  /// What to do.
  let fix: String

  /// apt stops at the first index that it cannot fetch, so whoever reads that a package is not
  /// there reads it of a whole index.
  private static let ofTheRecipe = [
    "Unable to locate package", "has no installation candidate", "Couldn't find any package by",
    "have unmet dependencies", "you have held broken packages",
    // The mirror answered: 404.
    "does not have a Release file",
  ]
  private static let ofTheMirror = ["Failed to fetch", "Unable to fetch", "Hash Sum mismatch"]
  private static let ofTheKeys = [
    "is not signed", "NO_PUBKEY", "EXPKEYSIG", "BADSIG", "KEYEXPIRED",
  ]

  /// Judges the lines of both outputs.
  init(_ lines: [String]) {
    func first(_ phrases: [String]) -> String? {
      lines.first { line in phrases.contains { line.contains($0) } }
    }
    let errors = lines.filter { $0.hasPrefix("E: ") }
    if let line = first(Self.ofTheRecipe) {
      retry = .withNewContent
      words = Self.plain(line)
      fix = "correct the stack in platform.yaml"
    } else if let line = first(Self.ofTheMirror) {
      retry = .later
      words = Self.plain(line)
      fix = "it is tried again; check that the mirror can be reached from this machine"
    } else if let line = first(Self.ofTheKeys) {
      retry = .whenMachineIsMended
      words = Self.plain(line)
      fix = "install the archive's keys on this machine (debian-archive-keyring)"
    } else {
      // What nobody foresaw may pass: a build that is tried once a minute costs little, a stack
      // that is never tried again costs somebody's night.
      retry = .later
      words = (errors.isEmpty ? lines : errors).suffix(3).map(Self.plain).joined(separator: " | ")
      fix = "it is tried again; if that does not help, correct the stack in platform.yaml"
    }
  }

  private static func plain(_ line: String) -> String {
    let text = line.hasPrefix("E: ") ? line.dropFirst(3) : line[...]
    return String(text.drop { $0 == " " })
  }
}
