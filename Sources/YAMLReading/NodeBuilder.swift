// Puts values together to a tree and holds the budget while doing so; both readers build with it.
// It has a stack of its own, so that no input can exhaust the thread's.

/// Builds the tree of one document.
struct NodeBuilder {
  /// A finished value and what it takes up.
  struct Part {
    /// The value.
    let node: YAMLNode
    /// Values in it, itself included.
    var count = 1
    /// Levels of nesting in it; 0 for a scalar.
    var height = 0
    /// Bytes of the texts in it.
    var textBytes = 0
  }

  /// What a list or mapping is made with.
  enum Kind { case sequence, mapping }

  /// A list or mapping that is not finished.
  fileprivate struct Frame {
    let kind: Kind
    let mark: TextMark
    var items: [YAMLNode] = []
    var pairs: [YAMLPair] = []
    var key: (text: String, mark: TextMark)?
    var seen: [String: Int] = [:]
    var count = 1
    var height = 0
    var textBytes = 0
  }

  private let budget: ReadingBudget
  private var frames: [Frame] = []
  private var count = 0

  /// Makes a builder; its budget of values is for all documents of a file.
  init(budget: ReadingBudget) { self.budget = budget }

  /// How many lists and mappings are open.
  var depth: Int { frames.count }

  /// Whether the next value of the innermost mapping is a key.
  var awaitsKey: Bool {
    guard let frame = frames.last, frame.kind == .mapping else { return false }
    return frame.key == nil
  }

  /// The key whose value comes next; nil in a list and at a key's place.
  var pendingKey: (text: String, mark: TextMark)? { frames.last?.key }

  /// Opens a list or mapping.
  mutating func open(_ kind: Kind, at mark: TextMark) throws(ReadingProblem) {
    if awaitsKey { throw .complexKey(at: mark) }
    try checkDepth(frames.count + 1, at: mark)
    try spend(1, at: mark)
    frames.append(Frame(kind: kind, mark: mark))
  }

  /// Closes the innermost list or mapping. Returns the value made; nil when nothing is open.
  mutating func close() throws(ReadingProblem) -> Part? {
    guard let frame = frames.popLast() else { return nil }
    let content: YAMLNode.Content =
      frame.kind == .sequence ? .sequence(frame.items) : .mapping(frame.pairs)
    let part = Part(
      node: YAMLNode(content, at: frame.mark), count: frame.count, height: frame.height + 1,
      textBytes: frame.textBytes)
    try place(part)
    return part
  }

  /// Adds a scalar, as a key or as a value.
  mutating func add(_ scalar: YAMLScalar, at mark: TextMark) throws(ReadingProblem) -> Part {
    try spend(1, at: mark)
    let part = Part(
      node: YAMLNode(.scalar(scalar), at: mark), textBytes: scalar.text.utf8.count)
    try place(part)
    return part
  }

  /// Adds a value that was built before (an alias), counted again in full.
  mutating func add(copyOf part: Part, at mark: TextMark) throws(ReadingProblem) {
    try spend(part.count, at: mark)
    try checkDepth(frames.count + part.height, at: mark)
    let node = YAMLNode(part.node.content, at: mark)
    try place(
      Part(node: node, count: part.count, height: part.height, textBytes: part.textBytes))
  }

  private mutating func spend(_ values: Int, at mark: TextMark) throws(ReadingProblem) {
    count += values
    guard count <= budget.nodes else {
      throw ReadingProblem(
        "too-many-values", "the file has more than \(budget.nodes) values", at: mark)
    }
  }

  private func checkDepth(_ depth: Int, at mark: TextMark) throws(ReadingProblem) {
    guard depth <= budget.depth else {
      throw ReadingProblem(
        "too-deep", "the file is nested deeper than \(budget.depth) levels", at: mark)
    }
  }

  /// Puts a finished value into the innermost open one.
  private mutating func place(_ part: Part) throws(ReadingProblem) {
    guard let last = frames.indices.last else { return }
    frames[last].count += part.count
    frames[last].height = max(frames[last].height, part.height)
    frames[last].textBytes += part.textBytes
    if frames[last].kind == .sequence {
      frames[last].items.append(part.node)
    } else if let key = frames[last].key {
      frames[last].key = nil
      frames[last].pairs.append(
        YAMLPair(key: key.text, keyMark: key.mark, value: part.node))
    } else {
      guard case .scalar(let scalar) = part.node.content else {
        throw .complexKey(at: part.node.mark)
      }
      try frames[last].refuseDuplicate(scalar.text, at: part.node.mark)
      frames[last].key = (scalar.text, part.node.mark)
    }
  }
}

fileprivate extension NodeBuilder.Frame {
  /// Throws when the mapping has this key already. A few keys are compared one by one, more through
  /// a dictionary: most mappings of a manifest are small.
  mutating func refuseDuplicate(
    _ key: String, at mark: TextMark
  ) throws(ReadingProblem) {
    let first: YAMLPair?
    if pairs.count < 16 {
      first = pairs.first { $0.key == key }
    } else {
      for index in seen.count..<pairs.count { seen[pairs[index].key] = index }
      first = seen[key].map { pairs[$0] }
    }
    guard let first else { return }
    throw ReadingProblem(
      "duplicate-key", "the key `\(key.excerpt)` is here twice", at: mark,
      fix: "keep one of the two",
      related: (first.keyMark, "`\(key.excerpt)` is first defined here"))
  }
}

extension ReadingProblem {
  /// A key that is a list or a mapping.
  static func complexKey(at mark: TextMark, fix: String? = nil) -> ReadingProblem {
    ReadingProblem(
      "complex-key", "a key must be text, not a list or a mapping", at: mark,
      fix: fix ?? "put it in quotes if it is meant as text")
  }
}
