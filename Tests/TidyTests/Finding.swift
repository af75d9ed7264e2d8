// What a check says about the repository: a place and a reason, worded for whoever has to mend it.

/// One thing that is not tidy.
struct Finding: Hashable, CustomStringConvertible {
  /// The file, from the repository's root.
  let file: String
  /// The line, from 1; 0 when it is about the whole file.
  let line: Int
  /// What is wrong, and why it is.
  let message: String

  init(_ file: String, line: Int = 0, _ message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  var description: String { line == 0 ? "\(file): \(message)" : "\(file):\(line): \(message)" }
}
