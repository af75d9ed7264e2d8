// The catalog that ships: manifests/catalog, carried in the program as text.

package import FormationModel
import YAMLReading

/// The catalog that ships with Muster.
package enum ShippedCatalog {
  /// Heroku's dyno types, our stacks, Heroku's add-on services. Read once.
  package static let catalog = read().catalog

  /// Reads the data. Returns the problems too; there are none, and a test says so.
  static func read() -> (catalog: Catalog, diagnostics: [Diagnostic]) {
    let files = [
      ("dyno-types.yaml", CatalogData.dynoTypes), ("stacks.yaml", CatalogData.stacks),
      ("addons.yaml", CatalogData.addOns),
    ]
    var catalog = Catalog()
    var diagnostics: [Diagnostic] = []
    for (file, text) in files {
      do throws(ReadingProblem) {
        for document in try YAMLReader.read(Array(text.utf8)) {
          let (part, problems) = CatalogReader.read(document, file: file)
          catalog.dynoTypes.merge(part.dynoTypes) { _, new in new }
          catalog.stacks.merge(part.stacks) { _, new in new }
          catalog.addOns.merge(part.addOns) { _, new in new }
          diagnostics += problems
        }
      } catch {
        let mark = SourceMark(file: file, line: error.mark.line, column: error.mark.column)
        diagnostics.append(Diagnostic(.error, error.code, at: mark, error.message, fix: error.fix))
      }
    }
    return (catalog, diagnostics)
  }
}
