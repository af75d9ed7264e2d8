// What may stand in a field, as JSON Schema (2020-12) says it. One description serves manifests and
// the documents that commands print.

/// The type of a field.
package indirect enum FieldType: Hashable, Sendable {
  /// Text; an unquoted number or boolean of YAML is text too.
  case text
  /// Text with a rule.
  case pattern(String)
  /// Text in quotes, or the text of a JSON document.
  case string
  case number(ClosedRange<Int>)
  case integer
  case decimal
  case boolean
  /// One of these words, and nothing else.
  case words([String])
  /// Text; editors offer these.
  case known([String])
  case list(FieldType)
  /// A mapping whose keys are names.
  case mapping(FieldType)
  /// A mapping with the keys of a place of the vocabulary.
  case fields(String)
  /// An object with just these members, all of them there.
  case object([Member])
  case either([FieldType])
  /// The type, or null.
  case optional(FieldType)
  /// `false` and nothing else.
  case no
  case anything

  /// A member of an object.
  package struct Member: Hashable, Sendable {
    let name: String
    let type: FieldType
  }

  /// A whole number with its unit: `500ms`, `60s`, `30m`, `1h`, `5d`.
  static let duration = FieldType.pattern("^[0-9]{1,9}(ms|s|m|h|d)$")
  /// `25%`.
  static let percent = FieldType.pattern("^[0-9]{1,3}%$")
  /// `50MB`, `2.5GB`.
  static let bytes = FieldType.pattern("^[0-9]{1,9}(\\.[0-9]{1,2})? ?(k|K|M|G|T)i?B$")
  /// A time in a document.
  static let time = FieldType.pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$")

  /// An object whose members are written in order.
  static func object(_ members: KeyValuePairs<String, FieldType>) -> FieldType {
    .object(members.map { Member(name: $0.key, type: $0.value) })
  }
}

/// Writes types as schemas.
struct SchemaWriter {
  /// The keys of each place, with the types of its fields.
  let places: [String: [FieldType.Member]]
  /// Keys of a place that are taken whatever they hold.
  var displayKeys: [String] = []

  /// The schema of a type.
  func schema(_ type: FieldType) -> JSONValue {
    switch type {
    case .text: ["type": ["string", "number", "boolean"]]
    case .string: ["type": "string"]
    case .pattern(let pattern): ["type": "string", "pattern": .string(pattern)]
    case .number(let range):
      [
        "type": "integer", "minimum": .integer(range.lowerBound),
        "maximum": .integer(range.upperBound),
      ]
    case .integer: ["type": "integer"]
    case .decimal: ["type": "number"]
    case .boolean: ["type": "boolean"]
    case .words(let words): ["type": "string", "enum": .array(words.map(JSONValue.string))]
    case .known(let names):
      ["anyOf": [["enum": .array(names.map(JSONValue.string))], ["type": "string"]]]
    case .list(let item): ["type": "array", "items": schema(item)]
    case .mapping(let value): ["type": "object", "additionalProperties": schema(value)]
    case .fields(let place): fields(place)
    case .object(let members): object(members)
    case .either(let types): ["anyOf": .array(types.map(schema))]
    case .optional(let type): ["anyOf": [schema(type), ["type": "null"]]]
    case .no: ["const": .boolean(false)]
    case .anything: .object([])
    }
  }

  /// A mapping of a manifest: only known keys and `x-…`; null removes what another file says.
  private func fields(_ place: String) -> JSONValue {
    var properties = (places[place] ?? []).map { member in
      JSONValue.Member(member.name, schema(.optional(member.type)))
    }
    if place.isEmpty { properties += displayKeys.map { .init($0, .object([])) } }
    return [
      "type": "object", "properties": .object(properties),
      "patternProperties": ["^x-": .object([])], "additionalProperties": .boolean(false),
    ]
  }

  private func object(_ members: [FieldType.Member]) -> JSONValue {
    [
      "type": "object",
      "properties": .object(members.map { .init($0.name, schema($0.type)) }),
      "required": .array(members.map { .string($0.name) }),
      "additionalProperties": .boolean(false),
    ]
  }
}
