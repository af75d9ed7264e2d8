// Where an edit goes: over a scalar that is there, behind a key without a value, or on a new line.

extension YAMLEdit {
  /// The bytes to change.
  func splice(_ layout: DocumentLayout) throws(ReadingProblem) -> Splice {
    guard let root = layout.root, !root.isNothing else { return appended(layout) }
    var node = root
    for (depth, key) in path.enumerated() {
      try refuseShared(node, layout)
      let rest = Array(path[depth...])
      switch node.content {
      case .mapping(let pairs):
        guard let pair = pairs.first(where: { $0.text == key }) else {
          return try inserted(rest, into: node, pairs, below: Array(path[..<depth]), layout)
        }
        if rest.count == 1 { return try replaced(pair.value, of: pair, in: node, layout) }
        if case .scalar = pair.value.content {
          return try deepened(Array(rest.dropFirst()), pair, in: node, layout)
        }
        node = pair.value
      case .sequence(let items):
        guard let index = Int(key), items.indices.contains(index) else {
          throw refusal("it is a list of \(items.count) entries", at: node.mark)
        }
        if rest.count == 1 { return try replaced(items[index], of: nil, in: node, layout) }
        node = items[index]
      case .scalar: throw refusal("it is no mapping", at: node.mark)
      case .alias(let name):
        throw refusal("`*\(name.excerpt)` stands for a value written elsewhere", at: node.mark)
      }
    }
    throw refusal("no key was named", at: root.mark)
  }

  /// A change below an anchor that aliases use would change other places as well.
  private func refuseShared(
    _ node: LayoutNode, _ layout: DocumentLayout
  ) throws(ReadingProblem) {
    guard let anchor = node.anchor, layout.usedAnchors.contains(anchor) else { return }
    throw refusal("`&\(anchor.excerpt)` is used in other places too", at: node.mark)
  }

  // MARK: - Replacing

  private func replaced(
    _ node: LayoutNode, of pair: LayoutPair?, in parent: LayoutNode, _ layout: DocumentLayout
  ) throws(ReadingProblem) -> Splice {
    try refuseShared(node, layout)
    if node.anchor != nil || node.hasTag {
      throw refusal("the value has an anchor or a tag", at: node.mark)
    }
    let bytes = layout.source.bytes
    let isOneLine = !bytes[node.range].contains { $0 == .newline || $0 == .carriageReturn }
    switch node.content {
    case .alias(let name):
      throw refusal("`*\(name.excerpt)` stands for a value written elsewhere", at: node.mark)
    case .sequence, .mapping:
      guard case .flow = value, node.isFlow, isOneLine else {
        let kind = if case .sequence = node.content { "a list" } else { "a mapping" }
        throw refusal("it is \(kind); name a key in it, or replace it by hand", at: node.mark)
      }
      return Splice(range: node.range, text: written(keeping: nil, isFlow: parent.isFlow))
    case .scalar(let style):
      if node.isNothing {
        guard let pair else { throw refusal("the entry is empty", at: node.mark) }
        let text = written(keeping: nil, isFlow: parent.isFlow)
        return try behindColon(of: pair, text, layout)
      }
      guard style != .block, isOneLine else {
        throw refusal("the value goes over several lines", at: node.mark)
      }
      return Splice(range: node.range, text: written(keeping: style, isFlow: parent.isFlow))
    }
  }

  private func behindColon(
    of pair: LayoutPair, _ text: String, _ layout: DocumentLayout
  ) throws(ReadingProblem) -> Splice {
    let bytes = layout.source.bytes
    let colon = bytes[pair.key.range.upperBound...].firstIndex { $0 != .space && $0 != .tab }
    guard let colon, bytes[colon] == .colon else {
      throw refusal("the key is written in an unusual way", at: pair.key.mark)
    }
    return Splice(range: colon + 1..<colon + 1, text: " " + text, lead: 1)
  }

  /// A key that has no value yet gets a mapping.
  private func deepened(
    _ rest: [String], _ pair: LayoutPair, in parent: LayoutNode, _ layout: DocumentLayout
  ) throws(ReadingProblem) -> Splice {
    let node = pair.value
    let text = String(decoding: layout.source.bytes[node.range], as: UTF8.self)
    guard case .scalar(.plain) = node.content, ["", "~", "null", "Null", "NULL"].contains(text)
    else { throw refusal("`\(pair.text.excerpt)` has a value of its own", at: node.mark) }
    if !node.isNothing {
      return Splice(range: node.range, text: "{\(flowEntry(rest))}", lead: 1)
    }
    if parent.isFlow { return try behindColon(of: pair, "{\(flowEntry(rest))}", layout) }
    let column = Self.indentation(of: pair.key, layout) + Self.step(layout)
    return newLine(rest, behind: pair.key.range.upperBound, column: column, layout)
  }

  // MARK: - Inserting

  private func inserted(
    _ rest: [String], into node: LayoutNode, _ pairs: [LayoutPair], below path: [String],
    _ layout: DocumentLayout
  ) throws(ReadingProblem) -> Splice {
    if node.isFlow {
      let entry = flowEntry(rest)
      guard let last = pairs.last else {
        guard node.anchor == nil, !node.hasTag else {
          throw refusal("the mapping has an anchor or a tag", at: node.mark)
        }
        let place = node.range.lowerBound + 1
        return Splice(range: place..<place, text: entry)
      }
      return Splice(range: last.contentEnd..<last.contentEnd, text: ", " + entry, lead: 2)
    }
    guard let first = pairs.first, let last = pairs.last else {
      throw refusal("the mapping is empty", at: node.mark)
    }
    let order = keyOrder(path)
    let place = order.firstIndex(of: rest[0])
    let previous = place.flatMap { place in
      pairs.last { pair in order.firstIndex(of: pair.text).map { $0 < place } ?? false }
    }
    let column = Self.indentation(of: first.key, layout)
    return newLine(rest, behind: (previous ?? last).contentEnd, column: column, layout)
  }

  /// `web: {quantity: 3}`.
  private func flowEntry(_ keys: [String]) -> String {
    let value = written(keeping: nil, isFlow: true)
    let inner = keys.dropFirst().reversed().reduce(value) {
      "{\(Self.key($1, isFlow: true)): \($0)}"
    }
    return "\(Self.key(keys[0], isFlow: true)): \(inner)"
  }

  /// A line of its own, below the one on which the content that ends at an offset ends.
  private func newLine(
    _ keys: [String], behind end: Int, column: Int, _ layout: DocumentLayout
  ) -> Splice {
    let bytes = layout.source.bytes
    // A block scalar ends where the next token starts: back to its last line with a text.
    var last = end
    while last > layout.source.start, bytes[last - 1].isBlankOrBreak { last -= 1 }
    let place =
      bytes[last...].firstIndex { $0 == .newline || $0 == .carriageReturn } ?? bytes.count
    let (text, lead) = lines(keys, column: column, layout)
    let end = Self.lineEnd(layout)
    return Splice(range: place..<place, text: end + text, lead: end.utf8.count + lead)
  }

  private func appended(_ layout: DocumentLayout) -> Splice {
    let bytes = layout.source.bytes
    let end = Self.lineEnd(layout)
    let isOpen = bytes.count > layout.source.start && bytes.last != .newline
    let (text, lead) = lines(path, column: 0, layout)
    let before = isOpen ? end : ""
    return Splice(
      range: bytes.count..<bytes.count, text: before + text + end, lead: before.utf8.count + lead)
  }

  /// The keys, one a line and each deeper than the one before, and the value; and how many bytes
  /// come before the last key.
  private func lines(
    _ keys: [String], column: Int, _ layout: DocumentLayout
  ) -> (text: String, lead: Int) {
    let (step, end) = (Self.step(layout), Self.lineEnd(layout))
    var text = ""
    for (depth, key) in keys.dropLast().enumerated() {
      text += String(repeating: " ", count: column + depth * step)
      text += Self.key(key, isFlow: false) + ":" + end
    }
    text += String(repeating: " ", count: column + (keys.count - 1) * step)
    let lead = text.utf8.count
    text += Self.key(keys.last ?? "", isFlow: false) + ": "
    return (text + written(keeping: nil, isFlow: false), lead)
  }

  // MARK: - The file's own ways

  private static func key(_ key: String, isFlow: Bool) -> String {
    ScalarText.written(key, as: .value, isFlow: isFlow)
  }

  /// How far a key is from its line's start, `- ` counted as blanks.
  private static func indentation(of key: LayoutNode, _ layout: DocumentLayout) -> Int {
    key.mark.column - 1
  }

  /// How much deeper the file writes a mapping inside another; 2 when it has none.
  private static func step(_ layout: DocumentLayout) -> Int {
    var pending = [layout.root].compactMap { $0 }
    while let node = pending.popLast() {
      guard case .mapping(let pairs) = node.content, !node.isFlow else { continue }
      for pair in pairs {
        if case .mapping(let inner) = pair.value.content, !pair.value.isFlow,
          let child = inner.first, child.key.mark.column > pair.key.mark.column
        {
          return child.key.mark.column - pair.key.mark.column
        }
        pending.append(pair.value)
      }
    }
    return 2
  }

  /// How the file ends its lines.
  private static func lineEnd(_ layout: DocumentLayout) -> String {
    let bytes = layout.source.bytes
    guard let first = bytes.firstIndex(where: { $0 == .newline || $0 == .carriageReturn }) else {
      return "\n"
    }
    if bytes[first] == .newline { return "\n" }
    return first + 1 < bytes.count && bytes[first + 1] == .newline ? "\r\n" : "\r"
  }
}

extension UInt8 {
  fileprivate var isBlankOrBreak: Bool {
    [.space, .tab, .newline, .carriageReturn].contains(self)
  }
}
