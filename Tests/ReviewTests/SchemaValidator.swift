// A validator of the part of JSON Schema that the schemas here use. Whatever keyword it does not
// know is a failure, so that no rule of a schema goes unchecked.

import Review
import YAMLReading

/// A value as JSON knows it.
indirect enum Instance: Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  case decimal(String)
  case text(String)
  case list([Instance])
  case object([String: Instance])

  /// A YAML tree as editors read it: YAML 1.2's core schema.
  init(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let scalar):
      if scalar.isNull {
        self = .null
      } else if scalar.isQuoted {
        self = .text(scalar.text)
      } else if let number = Int(scalar.text) {
        self = .integer(number)
      } else if scalar.text == "true" || scalar.text == "false" {
        self = .boolean(scalar.text == "true")
      } else if Double(scalar.text) != nil {
        self = .decimal(scalar.text)
      } else {
        self = .text(scalar.text)
      }
    case .sequence(let items): self = .list(items.map(Instance.init))
    case .mapping(let pairs):
      self = .object(
        Dictionary(pairs.map { ($0.key, Instance($0.value)) }) { first, _ in first })
    }
  }

  /// A document that a command prints, read as any program reads it.
  init(_ document: JSONValue) throws {
    self.init(try JSONReader.read(Array(document.document.utf8)))
  }

  /// The names of its type in a schema.
  var types: Set<String> {
    switch self {
    case .null: ["null"]
    case .boolean: ["boolean"]
    case .integer: ["integer", "number"]
    case .decimal: ["number"]
    case .text: ["string"]
    case .list: ["array"]
    case .object: ["object"]
    }
  }
}

/// Checks instances against one schema.
struct SchemaValidator {
  /// Every violation, as `path: what`.
  static func problems(_ instance: Instance, _ schema: Instance, at path: String = "$") -> [String]
  {
    guard case .object(let keywords) = schema else { return ["\(path): the schema is no object"] }
    return keywords.keys.sorted().flatMap { keyword -> [String] in
      guard let rule = keywords[keyword] else { return [] }
      return check(instance, keyword, rule, keywords, path)
    }
  }

  private static func check(
    _ instance: Instance, _ keyword: String, _ rule: Instance, _ all: [String: Instance],
    _ path: String
  ) -> [String] {
    switch (keyword, rule, instance) {
    case ("$schema", _, _), ("title", _, _): return []
    case ("type", .text(let name), _):
      return instance.types.contains(name) ? [] : ["\(path): no \(name)"]
    case ("type", .list(let names), _):
      let isOne = names.contains { name in instance.types.contains { .text($0) == name } }
      return isOne ? [] : ["\(path): of another type"]
    case ("enum", .list(let words), _):
      return words.contains(instance) ? [] : ["\(path): no such word"]
    case ("const", _, _): return instance == rule ? [] : ["\(path): another constant"]
    case ("anyOf", .list(let schemas), _):
      let tries = schemas.map { problems(instance, $0, at: path) }
      return tries.contains([]) ? [] : tries.min { $0.count < $1.count } ?? []
    case ("minimum", .integer(let least), .integer(let number)):
      return number >= least ? [] : ["\(path): below \(least)"]
    case ("maximum", .integer(let most), .integer(let number)):
      return number <= most ? [] : ["\(path): above \(most)"]
    case ("pattern", .text(let pattern), .text(let text)):
      let isMatch = (try? Regex(pattern).firstMatch(in: text)) != nil
      return isMatch ? [] : ["\(path): does not match \(pattern)"]
    case ("items", _, _), ("required", _, _), ("properties", _, _), ("patternProperties", _, _),
      ("additionalProperties", _, _):
      return checkParts(instance, keyword, rule, all, path)
    case ("minimum", _, _), ("maximum", _, _), ("pattern", _, _): return []
    default: return ["\(path): the schema has \(keyword), which is not checked"]
    }
  }

  /// Keywords about what is in a list or an object; of anything else they say nothing.
  private static func checkParts(
    _ instance: Instance, _ keyword: String, _ rule: Instance, _ all: [String: Instance],
    _ path: String
  ) -> [String] {
    switch (keyword, rule, instance) {
    case ("items", _, .list(let items)):
      return items.enumerated().flatMap { problems($1, rule, at: "\(path)[\($0)]") }
    case ("required", .list(let names), .object(let members)):
      return names.flatMap { name -> [String] in
        guard case .text(let key) = name else { return ["\(path): a name is no text"] }
        return members[key] == nil ? ["\(path): lacks \(key)"] : []
      }
    case ("properties", .object(let known), .object(let members)):
      return members.keys.sorted().flatMap { key -> [String] in
        guard let value = members[key], let schema = known[key] else { return [] }
        return problems(value, schema, at: "\(path).\(key)")
      }
    case ("additionalProperties", _, .object(let members)):
      return others(members, all).flatMap { key, value in
        rule == .boolean(false)
          ? ["\(path): unknown key \(key)"] : problems(value, rule, at: "\(path).\(key)")
      }
    default: return []
    }
  }

  /// Members that neither `properties` nor `patternProperties` (only `^x-` is used) know.
  private static func others(
    _ members: [String: Instance], _ all: [String: Instance]
  ) -> [(String, Instance)] {
    var known: Set<String> = []
    if case .object(let properties)? = all["properties"] { known = Set(properties.keys) }
    let hasPrefix = all["patternProperties"] != nil
    return members.filter { !known.contains($0.key) && !(hasPrefix && $0.key.hasPrefix("x-")) }
      .sorted { $0.key < $1.key }
  }
}
