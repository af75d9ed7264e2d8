// Reads a whole YAML file: all of its documents, or one problem. What a value means is not decided
// here; docs/reference/yaml-profile.md says which YAML is accepted.

/// The YAML reader.
package enum YAMLReader {
  /// Returns the root value of every document in the file, in order; empty for a file without any
  /// content. A problem anywhere refuses the whole file, so that no document is lost in silence.
  package static func read(
    _ bytes: [UInt8], budget: ReadingBudget = .init()
  ) throws(ReadingProblem) -> [YAMLNode] {
    let source = SourceText(bytes)
    try source.inspect(budget: budget, language: .yaml)
    try TagRule.refuseDirectives(in: source)
    return try bytes.withUnsafeBufferPointer { buffer throws(ReadingProblem) in
      var composer = DocumentComposer(source: source, budget: budget)
      let parser = YAMLEventParser(UnsafeBufferPointer(rebasing: buffer[source.start...]))
      while let event = try parser.next(of: source, hints: composer.hints) {
        try composer.take(event)
      }
      return composer.documents
    }
  }
}
