// One mistake in a manifest and the diagnostics that it has to give.

import FormationModel
import Testing

/// A manifest of the app `shop` (whose Procfile has web and worker) and what is said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
  let manifest: String
  let lines: [String]

  init(_ manifest: String, _ lines: String...) {
    self.manifest = manifest
    self.lines = lines
  }

  var testDescription: String { manifest }
}

extension DesiredFormation {
  /// Every diagnostic but the warning of types without a quantity; files without their folder.
  var mistakes: [String] {
    lines.filter { !$0.contains("[no-quantity]") }
      .map { $0.hasPrefix("apps/shop/") ? String($0.dropFirst("apps/shop/".count)) : $0 }
  }
}
