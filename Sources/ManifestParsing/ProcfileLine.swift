// What one line of a Procfile is. Heroku's own rule is
// `^[[:space:]]*([a-zA-Z0-9_-]+):?\s+(.*)[[:space:]]*` (buildpacks-procfile, SPEC.md): the colon is
// optional there, the blank after it is not. We take a colon for what makes an entry, and say where
// Heroku would read the line otherwise.

import FormationModel

/// One line, taken apart.
struct ProcfileLine {
  /// What a line can be.
  enum Kind {
    case blank
    case comment
    /// `<<<<<<<` or `>>>>>>>`, as git leaves them behind in an unfinished merge.
    case conflictMarker
    case entry(Entry)
    /// Not an entry; `name` when Heroku would take its first word for a process type.
    case other(name: String?)
  }

  /// A process type with its command.
  struct Entry {
    let type: ProcessType
    let command: String
    /// `web : …`: Heroku would run `: …`, which does nothing.
    let hasBlankBeforeColon: Bool
    /// `web:…`: Heroku skips the line.
    let hasBlankAfterColon: Bool

    /// The entry as it should be written, cut to what a person reads.
    var corrected: String {
      command.count > 200 ? "\(type): \(command.prefix(199))…" : "\(type): \(command)"
    }

    /// Whether nobody can take the line for anything but an entry.
    var isPlain: Bool { !hasBlankBeforeColon && (hasBlankAfterColon || command.isEmpty) }
  }

  /// The line's number, from 1.
  let number: Int
  /// The line without blanks around it.
  private let body: ArraySlice<UInt8>
  /// Blanks before the text.
  let indentation: Int
  /// What it is.
  let kind: Kind

  /// Takes a line apart; its bytes are valid UTF-8.
  init(_ bytes: ArraySlice<UInt8>, number: Int) {
    self.number = number
    let start = bytes.drop(while: \.isBlank)
    body = start.prefix(
      (start.lastIndex { !$0.isBlank } ?? start.startIndex - 1) - start.startIndex + 1)
    indentation = start.startIndex - bytes.startIndex
    kind = Self.kind(of: body)
  }

  /// The line without blanks around it, as text.
  var text: String { String(decoding: body, as: UTF8.self) }

  private static func kind(of line: ArraySlice<UInt8>) -> Kind {
    guard let first = line.first else { return .blank }
    if first == UInt8(ascii: "#") { return .comment }
    if "<>".utf8.contains(first), line.prefix(while: { $0 == first }).count >= 7 {
      return .conflictMarker
    }
    let name = line.prefix {
      $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }
    let afterName = line[name.endIndex...]
    let rest = afterName.drop(while: \.isBlank)
    let word = String(decoding: name, as: UTF8.self)
    guard rest.first == UInt8(ascii: ":"), let type = ProcessType(rawValue: word) else {
      let isTypeToHeroku = ProcessType(rawValue: word) != nil && afterName.first?.isBlank == true
      return .other(name: isTypeToHeroku ? word : nil)
    }
    let afterColon = rest.dropFirst()
    return .entry(
      Entry(
        type: type, command: String(decoding: afterColon.drop(while: \.isBlank), as: UTF8.self),
        hasBlankBeforeColon: rest.startIndex > afterName.startIndex,
        hasBlankAfterColon: afterColon.first?.isBlank == true))
  }

  /// The text as a diagnostic quotes it: 80 characters at most.
  var quoted: String { text.count > 80 ? "`\(text.prefix(79))…`" : "`\(text)`" }
}

extension UInt8 {
  /// Whether the byte is a blank within a line.
  fileprivate var isBlank: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == 0x0B || self == 0x0C
  }
}
