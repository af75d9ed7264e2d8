// Commands that look right and do not work: what comes from word processors and from Windows.

import FormationModel

/// Something odd about a command.
struct ProcfileOddity {
  /// A stable code.
  let code: String
  /// What is odd, in one line.
  let message: String
  /// What to write.
  let fix: String

  /// Everything odd about a command.
  static func all(in command: String) -> [ProcfileOddity] {
    [lookAlike(in: command), windowsVariable(in: command), lastBackslash(in: command)].compactMap {
      $0
    }
  }

  /// Whether a command ends with a backslash that would join it with a next line.
  static func isContinued(_ command: String) -> Bool {
    command.utf8.reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
  }

  private static func lastBackslash(in command: String) -> ProcfileOddity? {
    guard isContinued(command) else { return nil }
    return ProcfileOddity(
      code: "trailing-backslash", message: "the command ends with a backslash, and no line follows",
      fix: "delete the backslash")
  }

  private static let lookAlikes: [Unicode.Scalar: String] = [
    "\u{00A0}": "a non-breaking space", "\u{200B}": "an invisible space",
    "\u{201C}": "a typographic quote", "\u{201D}": "a typographic quote",
  ]

  private static func lookAlike(in command: String) -> ProcfileOddity? {
    // Nearly every command is ASCII, and none of these is.
    guard !command.utf8.allSatisfy({ $0 < 0x80 }),
      let name = command.unicodeScalars.lazy.compactMap({ lookAlikes[$0] }).first
    else { return nil }
    return ProcfileOddity(
      code: "look-alike", message: "the command holds \(name), which the shell takes for a letter",
      fix: "type it anew with the keyboard")
  }

  /// `%PORT%`: the first name in capitals between percent signs.
  private static func windowsVariable(in command: String) -> ProcfileOddity? {
    guard command.utf8.contains(UInt8(ascii: "%")) else { return nil }
    let parts = command.split(separator: "%", omittingEmptySubsequences: false)
    let names = parts.dropFirst().dropLast()
    guard
      let name = names.first(where: { name in
        name.utf8.count > 1 && name.utf8.first.map { $0.isLetter } == true
          && name.utf8.allSatisfy {
            ($0.isLetter && !$0.isLowerLetter) || $0.isDigit || $0 == UInt8(ascii: "_")
          }
      })
    else { return nil }
    return ProcfileOddity(
      code: "windows-variable", message: "`%\(name)%` is how Windows writes a variable",
      fix: "write `$\(name)`")
  }
}
