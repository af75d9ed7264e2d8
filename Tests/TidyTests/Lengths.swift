// How long files, lines and functions may be. What is longer holds more than one thing.

/// The limits of length.
enum Lengths {
  static let linesPerFile = 300
  static let columnsPerLine = 100
  static let linesPerFunction = 40

  /// What is too long in a file.
  static func findings(in file: SwiftFile) -> [Finding] {
    if file.isGenerated { return [] }
    var findings: [Finding] = []
    let count = file.lines.last?.raw.isEmpty == true ? file.lines.count - 1 : file.lines.count
    if count > linesPerFile {
      findings.append(
        Finding(file.path, "\(count) lines: over \(linesPerFile), so it owns more than one thing"))
    }
    for line in file.lines where line.raw.count > columnsPerLine {
      findings.append(
        Finding(file.path, line: line.number, "\(line.raw.count) columns: over \(columnsPerLine)"))
    }
    return findings + longFunctions(in: file)
  }

  private static func longFunctions(in file: SwiftFile) -> [Finding] {
    var findings: [Finding] = []
    for (index, line) in file.lines.enumerated() where line.has("func") || line.has("init") {
      guard let length = bodyLength(of: file.lines[index...]), length > linesPerFunction else {
        continue
      }
      findings.append(
        Finding(
          file.path, line: line.number,
          "a function of \(length) lines: over \(linesPerFunction). Give its parts names"))
    }
    return findings
  }

  /// Lines between the braces of the function that begins on the first line; nil when it has none.
  private static func bodyLength(of lines: ArraySlice<SwiftFile.Line>) -> Int? {
    var depth = 0
    var parentheses = 0
    var start: Int?
    for line in lines {
      for byte in line.code.utf8 {
        switch byte {
        case UInt8(ascii: "("): parentheses += 1
        case UInt8(ascii: ")"): parentheses -= 1
        case UInt8(ascii: "{") where parentheses == 0:
          depth += 1
          if start == nil { start = line.number }
        case UInt8(ascii: "}") where parentheses == 0:
          depth -= 1
          if depth < 0 { return nil }
          if depth == 0, let start { return max(0, line.number - start - 1) }
        default: break
        }
      }
      // A requirement of a protocol has no body, and the next declaration begins.
      if start == nil, parentheses == 0, line.code.trimmed.isEmpty { return nil }
    }
    return nil
  }
}

extension String {
  /// Without spaces at both ends.
  var trimmed: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return start[...end]
  }
}
