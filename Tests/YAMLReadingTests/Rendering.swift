// How these tests write a tree down: `{key: plain, other: "quoted", list: [a, b]}`.

import YAMLReading

extension YAMLNode {
  /// The tree on one line; quoted scalars in double quotes, `~` for nothing.
  var rendered: String {
    switch content {
    case .scalar(let scalar):
      scalar.isQuoted ? "\"\(scalar.text)\"" : scalar.text.isEmpty ? "~" : scalar.text
    case .sequence(let items): "[" + items.map(\.rendered).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      "{" + pairs.map { "\($0.key): \($0.value.rendered)" }.joined(separator: ", ") + "}"
    }
  }
}

/// Every document of a YAML text on one line, joined by ` | `; a problem as `code line:column`.
func readYAML(_ text: String, budget: ReadingBudget = .init()) -> String {
  readYAML(Array(text.utf8), budget: budget)
}

/// The same for bytes.
func readYAML(_ bytes: [UInt8], budget: ReadingBudget = .init()) -> String {
  do throws(ReadingProblem) {
    return try YAMLReader.read(bytes, budget: budget).map(\.rendered).joined(separator: " | ")
  } catch { return "\(error.code) \(error.mark.line):\(error.mark.column)" }
}

/// A JSON text on one line; a problem as `code line:column`.
func readJSON(_ text: String, budget: ReadingBudget = .init()) -> String {
  do throws(ReadingProblem) {
    return try JSONReader.read(Array(text.utf8), budget: budget).rendered
  } catch { return "\(error.code) \(error.mark.line):\(error.mark.column)" }
}

/// The problem of a text that must not be readable; nil when it is.
func problem(ofYAML text: String) -> ReadingProblem? {
  do throws(ReadingProblem) {
    _ = try YAMLReader.read(Array(text.utf8))
    return nil
  } catch { return error }
}

/// The same for JSON.
func problem(ofJSON text: String) -> ReadingProblem? {
  do throws(ReadingProblem) {
    _ = try JSONReader.read(Array(text.utf8))
    return nil
  } catch { return error }
}
