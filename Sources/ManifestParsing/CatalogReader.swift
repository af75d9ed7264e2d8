// Reads catalog entries: the data that ships, and the `catalog:` section of a platform. Both have
// one form, so a platform can copy an entry and change it.

import FormationModel
import YAMLReading

/// The reader of catalog entries.
enum CatalogReader {
  /// Returns the entries of a mapping with `dyno_types`, `stacks` and `addons`, and every problem;
  /// an entry with a problem is left out.
  static func read(
    _ node: YAMLNode, file: String
  ) -> (catalog: Catalog, diagnostics: [Diagnostic]) {
    var report = CatalogReport(file: file)
    var catalog = Catalog()
    let sections = CatalogFields(
      node, of: "the catalog", keys: ["dyno_types", "stacks", "addons"], &report)
    for (name, fields) in entries("dyno_types", sections, keys: DynoType.keys, &report) {
      catalog.dynoTypes[name] = DynoType(name, fields, &report)
    }
    for (name, fields) in entries("stacks", sections, keys: Stack.keys, &report) {
      catalog.stacks[name] = Stack(name, fields, &report)
    }
    for (name, fields) in entries("addons", sections, keys: AddOnService.keys, &report) {
      catalog.addOns[name] = AddOnService(name, fields, &report)
    }
    return (catalog, report.diagnostics)
  }

  /// The named entries of one section.
  private static func entries(
    _ section: String, _ sections: CatalogFields?, keys: [String], _ report: inout CatalogReport
  ) -> [(CatalogName, CatalogFields)] {
    guard let node = sections?[section], !node.isNull else { return [] }
    guard case .mapping(let pairs) = node.content else {
      report.error("wrong-type", at: node.mark, "`\(section)` must be a mapping of names")
      return []
    }
    return pairs.compactMap { pair in
      guard let name = CatalogName(rawValue: pair.key) else {
        report.error(
          "invalid-name", at: pair.keyMark, "`\(pair.key)` is no name of a catalog",
          fix: "use small letters, digits, `-` and `.`; 64 at most")
        return nil
      }
      let fields = CatalogFields(
        pair.value, of: "`\(section).\(name)`", keys: keys, &report)
      return fields.map { (name, $0) }
    }
  }
}

/// Collects the problems of one file's catalog entries.
struct CatalogReport {
  private let file: String
  /// Every problem so far.
  private(set) var diagnostics: [Diagnostic] = []

  /// Makes a report for one file.
  init(file: String) { self.file = file }

  /// Records an error.
  mutating func error(_ code: String, at mark: TextMark, _ message: String, fix: String? = nil) {
    diagnostics.append(
      Diagnostic(
        .error, code, at: SourceMark(file: file, line: mark.line, column: mark.column), message,
        fix: fix))
  }
}

extension YAMLNode {
  /// Whether it says that there is no value.
  var isNull: Bool {
    if case .scalar(let scalar) = content { scalar.isNull } else { false }
  }
}
