// How checks are expected to find nothing: every finding at once, one a line.

import Testing

/// Fails with everything that was found.
func expectTidy(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
  if findings.isEmpty { return }
  let list = findings.map(\.description).joined(separator: "\n")
  Issue.record("\(findings.count) findings:\n\(list)", sourceLocation: sourceLocation)
}

/// A file that exists in the test alone.
func snippet(_ path: String, _ text: String) -> SwiftFile { SwiftFile(path: path, text: text) }
