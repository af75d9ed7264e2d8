// How a document is written: where each value's own bytes are, and in which style. What values say
// is YAMLNode's business; edits need both.

/// One value of a document as it is written.
struct LayoutNode {
  /// What is written there.
  enum Content {
    case scalar(YAMLEvent.ScalarStyle)
    case sequence([LayoutNode])
    case mapping([LayoutPair])
    /// `*name`.
    case alias(String)
  }

  /// What is written there.
  let content: Content
  /// Whether it is `{…}` or `[…]`; false for everything else.
  var isFlow = false
  /// The bytes that it takes, with its anchor and tag. Of a list or mapping in block style: from
  /// its first to its last entry.
  let range: Range<Int>
  /// Where it starts.
  let mark: TextMark
  /// The name that aliases may call it by.
  var anchor: String?
  /// Whether it has a tag.
  var hasTag = false

  /// Whether nothing at all is written.
  var isNothing: Bool {
    if case .scalar(.plain) = content { range.isEmpty } else { false }
  }
}

/// A key with its value, as written.
struct LayoutPair {
  /// The key.
  let key: LayoutNode
  /// What the key says.
  let text: String
  /// The value.
  let value: LayoutNode
}

/// The layout of one file that the reader has accepted.
struct DocumentLayout {
  /// The file.
  let source: SourceText
  /// The first document's root; nil when the file has no content.
  private(set) var root: LayoutNode?
  /// Names that an alias refers to.
  private(set) var usedAnchors: Set<String> = []

  private var frames: [Frame] = []
  private var offsets: [Int]

  /// A list or mapping that is not finished.
  private struct Frame {
    let event: YAMLEvent
    let kind: NodeBuilder.Kind
    let isFlow: Bool
    var items: [LayoutNode] = []
    var pairs: [LayoutPair] = []
    var key: (node: LayoutNode, text: String)?
  }

  /// Walks the events of a file. Throws what the reader throws.
  init(_ bytes: [UInt8]) throws(ReadingProblem) {
    let source = SourceText(bytes)
    self.source = source
    offsets = (source.start..<bytes.count).filter { bytes[$0] & 0xC0 != 0x80 }
    offsets.append(bytes.count)
    try bytes.withUnsafeBufferPointer { buffer throws(ReadingProblem) in
      let parser = YAMLEventParser(UnsafeBufferPointer(rebasing: buffer[source.start...]))
      while let event = try parser.next(of: source, hints: SyntaxHints()) { take(event) }
    }
  }

  private func offset(_ character: Int) -> Int {
    offsets[min(max(character, 0), offsets.count - 1)]
  }

  private mutating func take(_ event: YAMLEvent) {
    let own =
      offset(
        event.characterIndex)..<max(
        offset(event.characterIndex), offset(event.endIndex))
    switch event.kind {
    case .scalar(let scalar, let style, let tag):
      let node = LayoutNode(
        content: .scalar(style), range: own, mark: event.start, anchor: event.anchor,
        hasTag: tag != nil)
      place(node, text: scalar.text)
    case .alias(let name):
      usedAnchors.insert(name)
      place(LayoutNode(content: .alias(name), range: own, mark: event.start), text: "")
    case .open(let kind, let isFlow, _):
      frames.append(Frame(event: event, kind: kind, isFlow: isFlow))
    case .close:
      guard let frame = frames.popLast() else { return }
      place(node(of: frame, end: own.upperBound), text: "")
    case .documentEnd: break
    }
  }

  private func node(of frame: Frame, end: Int) -> LayoutNode {
    let start = offset(frame.event.characterIndex)
    let last =
      frame.kind == .sequence
      ? frame.items.last?.range.upperBound : frame.pairs.last?.contentEnd
    let stop = frame.isFlow ? end : last ?? start
    let hasTag =
      if case .open(_, _, let tag) = frame.event.kind { tag != nil } else { false }
    return LayoutNode(
      content: frame.kind == .sequence ? .sequence(frame.items) : .mapping(frame.pairs),
      isFlow: frame.isFlow, range: start..<max(start, stop), mark: frame.event.start,
      anchor: frame.event.anchor, hasTag: hasTag)
  }

  private mutating func place(_ node: LayoutNode, text: String) {
    guard let last = frames.indices.last else {
      if root == nil { root = node }
      return
    }
    if frames[last].kind == .sequence {
      frames[last].items.append(node)
    } else if let key = frames[last].key {
      frames[last].key = nil
      frames[last].pairs.append(LayoutPair(key: key.node, text: key.text, value: node))
    } else {
      frames[last].key = (node, text)
    }
  }
}

extension LayoutPair {
  /// Where the pair's last byte ends.
  var contentEnd: Int { value.isNothing ? key.range.upperBound : value.range.upperBound }
}
