// Trees by their content alone: a value at a path, the tree with another value there, and whether
// two trees say the same.

extension YAMLNode {
  /// The value at a path of keys (numbers for entries of lists); nil when there is none.
  package subscript(_ path: some Collection<String>) -> YAMLNode? {
    guard let key = path.first else { return self }
    return child(key)?[path.dropFirst()]
  }

  private func child(_ key: String) -> YAMLNode? {
    switch content {
    case .mapping(let pairs): pairs.first { $0.key == key }?.value
    case .sequence(let items):
      Int(key).flatMap { items.indices.contains($0) ? items[$0] : nil }
    case .scalar: nil
    }
  }

  /// A scalar's text; nil for lists and mappings.
  package var scalarText: String? {
    if case .scalar(let scalar) = content { scalar.text } else { nil }
  }

  /// Whether it says nothing, or is a mapping without entries.
  var isEmptyMapping: Bool {
    switch content {
    case .scalar(let scalar): scalar.isNull
    case .mapping(let pairs): pairs.isEmpty
    case .sequence: false
    }
  }

  /// Why a value cannot be set.
  struct NoPlace: Error {}

  /// The tree with another value at a path; mappings that are missing are added at the end.
  func setting(_ path: ArraySlice<String>, to value: YAMLNode) throws(NoPlace) -> YAMLNode {
    guard let key = path.first else { return value }
    let rest = path.dropFirst()
    switch content {
    case .mapping(var pairs):
      if let index = pairs.firstIndex(where: { $0.key == key }) {
        let pair = pairs[index]
        let inner = try pair.value.setting(rest, to: value)
        pairs[index] = YAMLPair(key: key, keyMark: pair.keyMark, value: inner)
      } else {
        let inner = try YAMLNode(.mapping([]), at: mark).setting(rest, to: value)
        pairs.append(YAMLPair(key: key, keyMark: mark, value: inner))
      }
      return YAMLNode(.mapping(pairs), at: mark)
    case .sequence(var items):
      guard let index = Int(key), items.indices.contains(index) else { throw NoPlace() }
      items[index] = try items[index].setting(rest, to: value)
      return YAMLNode(.sequence(items), at: mark)
    case .scalar(let scalar):
      guard scalar.isNull else { throw NoPlace() }
      return try YAMLNode(.mapping([]), at: mark).setting(path, to: value)
    }
  }

  /// Whether two trees say the same: marks, quotes and the order of keys do not count, but nothing
  /// is not the same as quoted text.
  package func says(_ other: YAMLNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let left), .scalar(let right)):
      return left.text == right.text && left.isNull == right.isNull
    case (.sequence(let left), .sequence(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.says($1) }
    case (.mapping(let left), .mapping(let right)):
      let pairs = Dictionary(right.map { ($0.key, $0.value) }) { first, _ in first }
      return left.count == right.count
        && left.allSatisfy { pair in pairs[pair.key].map { pair.value.says($0) } ?? false }
    case (.scalar, _), (.sequence, _), (.mapping, _): return false
    }
  }
}
