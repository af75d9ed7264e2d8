// Bytes as lower-case hexadecimal text and back.

import FormationModel
import Foundation

extension Sequence<UInt8> {
  /// Two lower-case digits for each byte.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Data {
  /// The bytes that lower-case digits stand for; nil for any other text.
  init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[start].hexadecimalValue, let low = digits[start + 1].hexadecimalValue
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self = Data(bytes)
  }
}

extension UInt8 {
  fileprivate var hexadecimalValue: UInt8? {
    if isDigit { return self - UInt8(ascii: "0") }
    guard isLowerLetter, self <= UInt8(ascii: "f") else { return nil }
    return self - UInt8(ascii: "a") + 10
  }
}
