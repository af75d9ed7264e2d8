// The keys that a mapping may have. The decoders, the suggestions and the reference page all take
// them from these tables.

/// The keys known in one place of a manifest.
package struct KeyTable: Hashable, Sendable {
  /// The place, as the reference page names it: `formation.TYPE`; empty for the top.
  package let place: String
  /// The keys, in the order in which people write them.
  package let keys: [String]
  /// What people write in place of a key, with what they mean.
  package let otherWords: [String: String]

  /// Makes a table.
  package init(_ place: String, _ keys: [String], otherWords: [String: String] = [:]) {
    self.place = place
    self.keys = keys
    self.otherWords = otherWords
  }

  /// The keys with their place: `formation.TYPE.quantity`.
  package var paths: [String] { keys.map { place.isEmpty ? $0 : "\(place).\($0)" } }

  /// What was probably meant by an unknown key; nil when nothing is near.
  func suggestion(for key: String) -> String? {
    otherWords[key.lowercased()] ?? Suggestion.nearest(to: key, among: keys)
  }
}
