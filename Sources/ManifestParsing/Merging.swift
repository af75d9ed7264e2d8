// Merging of manifests: app.json < heroku.yml < app.yaml < environments.X. Mappings merge by key,
// scalars and lists are replaced whole, null removes.

extension ManifestValue {
  /// Where in a manifest a merge is: config vars have a rule of their own.
  private enum Place {
    case top, configVars, configVar, elsewhere

    func below(_ key: String) -> Place {
      switch self {
      case .top: key == "env" ? .configVars : .elsewhere
      case .configVars: .configVar
      case .configVar, .elsewhere: .elsewhere
      }
    }
  }

  /// The keys of a config var that exclude each other: the later file's choice replaces the earlier
  /// one's rather than contradicting it.
  private static let configSources: Set<String> = ["value", "generator", "secret"]

  /// This manifest with a later one laid over it. A null of the overlay removes what is there; with
  /// nothing to remove it stays, so that the decoder can judge it.
  package func merged(with overlay: ManifestValue) -> ManifestValue {
    merged(with: overlay, at: .top)
  }

  private func merged(with overlay: ManifestValue, at place: Place) -> ManifestValue {
    guard case .mapping(let below) = content, case .mapping(let above) = overlay.content
    else { return overlay }
    if below.isEmpty { return overlay }
    let positions = Dictionary(
      above.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { _, last in last })
    let replacesSource =
      place == .configVar && above.contains { Self.configSources.contains($0.key) }
    var result: [ManifestEntry] = []
    for entry in below {
      if let position = positions[entry.key] {
        let later = above[position]
        if later.value.isNull { continue }
        let value = entry.value.merged(with: later.value, at: place.below(entry.key))
        result.append(ManifestEntry(later.key, at: later.keyMark, value))
      } else if !(replacesSource && Self.configSources.contains(entry.key)) {
        result.append(entry)
      }
    }
    let known = Set(below.map(\.key))
    result += above.filter { !known.contains($0.key) }
    return ManifestValue(.mapping(result), at: overlay.mark)
  }
}
