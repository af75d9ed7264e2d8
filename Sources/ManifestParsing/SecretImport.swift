// Names and values out of a file that people carry over from Heroku or from a .env. No problem
// quotes what stands in the file: every part of it may be a secret.

package import FormationModel
import YAMLReading

/// What a file of secrets holds.
package struct SecretImport: Sendable {
  /// A value with its name and the line on which it begins, from 1.
  package struct Entry: Hashable, Sendable {
    /// The secret's name.
    package let name: SecretName
    /// Its value.
    package let value: ConfigValue
    /// The line, from 1.
    package let line: Int
  }

  /// A line that cannot be taken.
  package struct Problem: Hashable, Sendable {
    /// The line, from 1.
    package let line: Int
    /// What is wrong with it, without a word of it.
    package let message: String
    /// What to do about it; nil when the message says it.
    package let fix: String?
  }

  /// What was read, in the file's order; worth nothing when there are problems.
  package private(set) var entries: [Entry] = []
  /// Every problem, in the file's order.
  package private(set) var problems: [Problem] = []

  /// Reads a file: JSON as `heroku config --json` prints it when it begins with `{`, else lines of
  /// `NAME=value` as `heroku config --shell` prints them.
  package init(_ bytes: [UInt8], limits: Limits = Limits()) {
    read(bytes, limits)
    check(limits)
  }

  private mutating func read(_ bytes: [UInt8], _ limits: Limits) {
    guard bytes.count <= limits.secretImportBytes else {
      return fail(1, "the file has more than \(limits.secretImportBytes) bytes", "split it")
    }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let body = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
    guard String(validating: body, as: UTF8.self) != nil else {
      return fail(Self.lineOfFault(body), "this is not UTF-8", "save the file as UTF-8")
    }
    let blanks = Array(" \t\r\n".utf8)
    if body.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{") {
      readJSON(body, limits)
    } else {
      var reader = DotenvReader(body)
      reader.read { line, name, value in
        switch value {
        case .success(let text): add(name, text, at: line, limits)
        case .failure(let fault): fail(line, fault.message, fault.fix)
        }
      }
    }
  }

  private mutating func readJSON(_ bytes: [UInt8], _ limits: Limits) {
    let node: YAMLNode
    do throws(ReadingProblem) {
      node = try JSONReader.read(bytes)
    } catch {
      // The reader's own words may quote the file.
      return fail(
        error.mark.line, "this is not JSON as Heroku prints it (column \(error.mark.column))",
        "write {\"NAME\": \"value\"}, with no other kind of value")
    }
    guard case .mapping(let pairs) = node.content else {
      return fail(node.mark.line, "this is no JSON object", "write {\"NAME\": \"value\"}")
    }
    for pair in pairs {
      guard case .scalar(let scalar) = pair.value.content, scalar.isQuoted else {
        fail(pair.value.mark.line, "this value is no text", "write it in double quotes")
        continue
      }
      add(pair.key, scalar.text, at: pair.keyMark.line, limits)
    }
  }

  private mutating func add(_ name: String, _ value: String, at line: Int, _ limits: Limits) {
    guard let name = SecretName(rawValue: name) else {
      return fail(line, "this cannot name a secret", "use letters, digits, `_`, `-` and `.`")
    }
    if value.utf8.contains(0) { return fail(line, "the value has a NUL character", nil) }
    if value.utf8.count > limits.secretBytes {
      return fail(line, "the value has more than \(limits.secretBytes) bytes", nil)
    }
    if let first = entries.first(where: { $0.name == name }) {
      return fail(line, "the name of line \(first.line) comes again", "keep one of both")
    }
    entries.append(Entry(name: name, value: ConfigValue(value), line: line))
  }

  private mutating func check(_ limits: Limits) {
    if problems.isEmpty, entries.isEmpty { fail(1, "there is nothing in it", nil) }
    guard entries.count > limits.secretsPerOwner else { return }
    fail(
      entries[limits.secretsPerOwner].line,
      "these are more than \(limits.secretsPerOwner) secrets", nil)
  }

  private mutating func fail(_ line: Int, _ message: String, _ fix: String?) {
    problems.append(Problem(line: line, message: message, fix: fix))
  }

  private static func lineOfFault(_ bytes: [UInt8]) -> Int {
    var line = 1
    for text in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: text, as: UTF8.self) == nil { return line }
      line += 1
    }
    return line
  }
}
