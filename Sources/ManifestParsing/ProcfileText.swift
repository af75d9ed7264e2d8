// Turns a Procfile's bytes into lines, whatever editor saved them.

/// The lines of a Procfile.
struct ProcfileText {
  /// The bytes of each line in UTF-8, without its break.
  let lines: [ArraySlice<UInt8>]
  /// Whether the file was UTF-16.
  let wasUTF16: Bool

  /// Splits a file at LF, CRLF and CR. A byte-order mark is no part of the text.
  init(_ bytes: [UInt8]) {
    let text: [UInt8]
    if let order = Self.utf16Order(of: bytes) {
      text = Self.utf8(fromUTF16: bytes, order)
      wasUTF16 = true
    } else {
      text = bytes
      wasUTF16 = false
    }
    let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var lines: [ArraySlice<UInt8>] = []
    var from = start
    while let end = text[from...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
      lines.append(text[from..<end])
      let isPair = text[end] == 0x0D && end + 1 < text.count && text[end + 1] == 0x0A
      from = end + (isPair ? 2 : 1)
    }
    if from < text.count { lines.append(text[from...]) }
    self.lines = lines
  }

  private enum ByteOrder { case little, big }

  /// The byte order of a UTF-16 file: by its mark, else by the zero beside its first character.
  private static func utf16Order(of bytes: [UInt8]) -> ByteOrder? {
    guard bytes.count >= 2, bytes.count.isMultiple(of: 2) else { return nil }
    return switch (bytes[0], bytes[1]) {
    case (0xFF, 0xFE): .little
    case (0xFE, 0xFF): .big
    case (1..., 0): .little
    case (0, 1...): .big
    default: nil
    }
  }

  private static func utf8(fromUTF16 bytes: [UInt8], _ order: ByteOrder) -> [UInt8] {
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return order == .little ? second << 8 | first : first << 8 | second
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
