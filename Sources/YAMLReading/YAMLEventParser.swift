// Owns libyaml's parser: bytes in, events as Swift values out. Nothing else knows libyaml.

import CLibYAML

/// One event, with what the composer needs of it.
struct YAMLEvent {
  /// What happened.
  enum Kind {
    case documentEnd
    case scalar(YAMLScalar, style: ScalarStyle, tag: String?)
    case open(NodeBuilder.Kind, isFlow: Bool, tag: String?)
    case close
    case alias(String)
  }

  /// How a scalar is written, as far as it matters.
  enum ScalarStyle { case plain, singleQuoted, doubleQuoted, block }

  /// What happened.
  let kind: Kind
  /// Where it starts.
  let start: TextMark
  /// How many characters of the text are before it.
  let characterIndex: Int
  /// How many characters of the text are before what follows it.
  let endIndex: Int
  /// The anchor that names the value; nil without one.
  let anchor: String?
}

/// libyaml's parser over one buffer, which must outlive it.
struct YAMLEventParser: ~Copyable {
  // On the heap: libyaml keeps a pointer to the parser within the parser.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let isReady: Bool

  /// Makes a parser for a text in UTF-8.
  init(_ buffer: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    isReady = yaml_parser_initialize(parser) == 1
    guard isReady else { return }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
  }

  deinit {
    if isReady { yaml_parser_delete(parser) }
    parser.deallocate()
  }

  /// Returns the next event that says something; nil at the end of the file.
  func next(
    of source: SourceText, hints: SyntaxHints
  ) throws(ReadingProblem) -> YAMLEvent? {
    while isReady {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else {
        throw SyntaxExplanation(failure, in: source, hints: hints).problem
      }
      defer { yaml_event_delete(&event) }
      if event.type == YAML_STREAM_END_EVENT { return nil }
      if let translated = YAMLEvent(event) { return translated }
    }
    throw ReadingProblem(
      "out-of-memory", "there is no memory to read the file", at: TextMark(line: 1, column: 1))
  }

  /// What libyaml says about its failure.
  private var failure: ParserFailure {
    ParserFailure(
      problem: parser.pointee.problem.map { String(cString: $0) } ?? "",
      mark: TextMark(parser.pointee.problem_mark),
      context: parser.pointee.context.map { String(cString: $0) },
      contextMark: TextMark(parser.pointee.context_mark))
  }
}

/// What libyaml says about a file that it cannot parse.
struct ParserFailure {
  /// What is wrong, in libyaml's words.
  let problem: String
  /// Where libyaml saw it.
  let mark: TextMark
  /// What it was doing, `while parsing a block mapping`; nil when it does not say.
  let context: String?
  /// Where that began.
  let contextMark: TextMark
}

extension TextMark {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }
}

extension YAMLEvent {
  /// Translates an event; nil for the start of a stream or document.
  fileprivate init?(_ event: yaml_event_t) {
    start = TextMark(event.start_mark)
    characterIndex = Int(clamping: event.start_mark.index)
    endIndex = Int(clamping: event.end_mark.index)
    let data = event.data
    switch event.type {
    case YAML_DOCUMENT_END_EVENT: (kind, anchor) = (.documentEnd, nil)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: (kind, anchor) = (.close, nil)
    case YAML_ALIAS_EVENT: (kind, anchor) = (.alias(text(data.alias.anchor) ?? ""), nil)
    case YAML_SEQUENCE_START_EVENT:
      let isFlow = data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
      kind = .open(.sequence, isFlow: isFlow, tag: text(data.sequence_start.tag))
      anchor = text(data.sequence_start.anchor)
    case YAML_MAPPING_START_EVENT:
      let isFlow = data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
      kind = .open(.mapping, isFlow: isFlow, tag: text(data.mapping_start.tag))
      anchor = text(data.mapping_start.anchor)
    case YAML_SCALAR_EVENT:
      let style = ScalarStyle(data.scalar.style)
      let bytes = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
      let scalar = YAMLScalar(
        text: String(decoding: bytes, as: UTF8.self), isQuoted: style != .plain)
      kind = .scalar(scalar, style: style, tag: text(data.scalar.tag))
      anchor = text(data.scalar.anchor)
    default: return nil
    }
  }
}

extension YAMLEvent.ScalarStyle {
  fileprivate init(_ style: yaml_scalar_style_t) {
    self =
      switch style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
      default: .plain
      }
  }
}

private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
  pointer.map { String(cString: $0) }
}
