// What the fields of a request line are read as: numbers, and text that nothing can break out of.

import FormationModel

/// The fields of one line, without a copy of any.
struct RequestFields {
  private let line: ArraySlice<UInt8>
  /// Where each field begins, and, at the end, where the one after the last would.
  private var starts: [Int]

  /// Fields beyond the limit are left out.
  init(_ line: ArraySlice<UInt8>, limit: Int) {
    self.line = line
    starts = [line.startIndex]
    starts.reserveCapacity(limit + 1)
    line.withUnsafeBytes { bytes in
      for (offset, byte) in bytes.enumerated()
      where byte == UInt8(ascii: "\t") && starts.count <= limit {
        starts.append(line.startIndex + offset + 1)
      }
    }
    if starts.count <= limit { starts.append(line.endIndex + 1) }
  }

  var count: Int { starts.count - 1 }

  /// A field; empty when there are not as many.
  subscript(index: Int) -> ArraySlice<UInt8> {
    index < count ? line[starts[index]..<(starts[index + 1] - 1)] : []
  }
}

/// Reads single fields.
enum RequestField {
  /// Printable ASCII without quotes, backslashes and spaces, at most `limit` bytes. Everything else
  /// becomes `%XX`, the URI's own form, so that whoever wrote it can forge neither a line nor a key
  /// in any rendering. HAProxy has encoded some of it as `#XX`, and writes `-` or `<BADREQ>` for
  /// what it does not know; that is empty here.
  static func text(_ field: ArraySlice<UInt8>, limit: Int) -> String {
    if field.elementsEqual(unknown) || field.starts(with: badRequest) { return "" }
    if field.count <= limit, field.allSatisfy({ isPlain($0) && $0 != UInt8(ascii: "#") }) {
      return String(decoding: field, as: UTF8.self)
    }
    var text: [UInt8] = []
    var index = field.startIndex
    while index < field.endIndex {
      var byte = field[index]
      if let encoded = encodedByte(field[index...]) {
        byte = encoded
        index += 2
      }
      index += 1
      let addition =
        isPlain(byte) ? [byte] : [percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      guard text.count + addition.count <= limit else { break }
      text += addition
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A number as HAProxy writes it, perhaps after a `+`; nil for -1 (it does not know) and for what
  /// is none.
  static func number(_ field: ArraySlice<UInt8>) -> Int? {
    let figures = field.first == UInt8(ascii: "+") ? field.dropFirst() : field
    guard (1...15).contains(figures.count) else { return nil }
    var number = 0
    for byte in figures {
      guard byte.isDigit else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return number
  }

  /// `%Ts.%ms`: seconds since 1970 and milliseconds.
  static func time(_ field: ArraySlice<UInt8>) -> LoopTime? {
    guard let dot = field.firstIndex(of: UInt8(ascii: ".")),
      let seconds = number(field[..<dot]), seconds < 1 << 40,
      let milliseconds = number(field[(dot + 1)...]), milliseconds < 1000
    else { return nil }
    return LoopTime(milliseconds: Int64(seconds * 1000 + milliseconds))
  }

  private static let unknown = Array("-".utf8)
  private static let badRequest = Array("<BADREQ>".utf8)
  private static let percent = UInt8(ascii: "%")
  private static let digits = Array("0123456789ABCDEF".utf8)

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// The byte that `#XX` at the start of these bytes stands for.
  private static func encodedByte(_ bytes: ArraySlice<UInt8>) -> UInt8? {
    let start = bytes.startIndex
    guard bytes.first == UInt8(ascii: "#"), bytes.count >= 3,
      let high = digits.firstIndex(of: bytes[start + 1]),
      let low = digits.firstIndex(of: bytes[start + 2])
    else { return nil }
    return UInt8(high << 4 | low)
  }
}
