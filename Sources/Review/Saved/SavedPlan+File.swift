// The file of a saved plan: JSON with a digest over everything else in it. A file that is cut off,
// was changed, or is of another form is refused with a word why.

import FormationModel
import Planning
import YAMLReading

extension SavedPlan {
  /// What a file may have at most.
  private static let bytesMaximum = 8 << 20

  /// The file. `digest` is SHA-256 in hexadecimal.
  package func document(_ digest: (String) -> String) -> JSONValue {
    let body = body
    guard case .object(let members) = body else { return body }
    return .object(members + [.init("digest", .string(digest(body.line)))])
  }

  /// Everything but the digest.
  private var body: JSONValue {
    [
      "format": .integer(Self.format),
      "kind": "saved-plan",
      "revision": .optional(basis.revision?.rawValue),
      "controller": .optional(basis.controller),
      "binding": .string(basis.binding),
      "memory": .string(basis.memory),
      "observation": .string(basis.observation),
      "only": basis.only.map { .array($0.map { .string($0.rawValue) }) } ?? .null,
      "changes": .array(entries.map(Self.object)),
    ]
  }

  private static func object(_ entry: Entry) -> JSONValue {
    [
      "app": .string(entry.app.rawValue),
      "action": .string(entry.action.rawValue),
      "process": .optional(entry.process?.rawValue),
      "number": .optional(entry.ordinal),
      "from": .optional(entry.from),
      "to": .optional(entry.to),
      "words": .string(entry.words),
    ]
  }

  /// Why a file is no saved plan that this version can carry out.
  package struct Unreadable: Error, Hashable, Sendable {
    /// What is wrong, for people.
    package let message: String
  }

  /// Reads a file's bytes.
  package static func read(
    _ bytes: [UInt8], digest: (String) -> String
  ) throws(Unreadable) -> SavedPlan {
    guard bytes.count <= bytesMaximum else {
      throw Unreadable(message: "it has \(bytes.count) bytes; at most \(bytesMaximum) are read")
    }
    var budget = ReadingBudget()
    budget.bytes = bytesMaximum
    budget.nodes = 500_000
    budget.depth = 8
    let root: YAMLNode
    do throws(ReadingProblem) {
      root = try JSONReader.read(bytes, budget: budget)
    } catch {
      throw Unreadable(
        message: "it is cut off or was changed: line \(error.mark.line), \(error.message)")
    }
    let fields = SavedFields(root)
    guard fields.text("kind") == "saved-plan" else {
      throw Unreadable(message: "it is no saved plan")
    }
    guard let format = fields.number("format"), format == Self.format else {
      throw Unreadable(
        message: "it has form \(fields.number("format") ?? 0), and this version reads form "
          + "\(Self.format)")
    }
    guard let plan = SavedPlan(fields) else {
      throw Unreadable(message: "it was changed since it was written")
    }
    // Written again and compared: whatever else the file says does not count.
    guard fields.text("digest") == digest(plan.body.line) else {
      throw Unreadable(message: "it was changed since it was written")
    }
    return plan
  }

  private init?(_ fields: SavedFields) {
    guard let binding = fields.text("binding"), let memory = fields.text("memory"),
      let observation = fields.text("observation"), let changes = fields.list("changes")
    else { return nil }
    var only: [AppName]?
    if let names = fields.list("only") {
      let read = names.compactMap { $0.scalarText.flatMap(AppName.init(rawValue:)) }
      guard read.count == names.count else { return nil }
      only = read
    }
    let entries = changes.compactMap { Entry(SavedFields($0)) }
    guard entries.count == changes.count else { return nil }
    self.init(
      basis: Basis(
        revision: fields.text("revision").flatMap(RevisionID.init(rawValue:)),
        controller: fields.text("controller"), binding: binding, memory: memory,
        observation: observation, only: only),
      entries: entries)
  }
}

extension SavedPlan.Entry {
  /// A change as the file has it; nil when it is none.
  fileprivate init?(_ fields: SavedFields) {
    guard let app = fields.text("app").flatMap(AppName.init(rawValue:)),
      let action = fields.text("action").flatMap(Change.Action.init(rawValue:)),
      let words = fields.text("words")
    else { return nil }
    self.app = app
    self.action = action
    self.words = words
    process = fields.text("process").flatMap(ProcessType.init(rawValue:))
    ordinal = fields.number("number")
    from = fields.number("from")
    to = fields.number("to")
    guard (process == nil) == (ordinal == nil), (action == .release) == (process == nil) else {
      return nil
    }
  }
}

/// The members of a JSON object by name.
private struct SavedFields {
  private let node: YAMLNode

  init(_ node: YAMLNode) { self.node = node }

  func text(_ key: String) -> String? {
    guard case .scalar(let scalar)? = node[[key]]?.content, scalar.isQuoted else { return nil }
    return scalar.text
  }

  func number(_ key: String) -> Int? {
    guard case .scalar(let scalar)? = node[[key]]?.content, !scalar.isQuoted else { return nil }
    return Int(scalar.text)
  }

  func list(_ key: String) -> [YAMLNode]? {
    guard case .sequence(let items)? = node[[key]]?.content else { return nil }
    return items
  }
}
