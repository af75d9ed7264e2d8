// muster schema: JSON Schema of the manifests, for editors, and of what commands print.

import ArgumentParser
import ManifestParsing
import Review

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of a manifest or of a command's JSON.",
    discussion: """
      app and platform are the schemas of app.yaml and platform.yaml; the others are those of what \
      a command prints with --format json: \(DocumentSchema.names.joined(separator: ", ")).
      """)

  @OptionGroup var options: CommonOptions

  @Argument(help: "app, platform, or a command. Default: app.")
  var document = "app"

  func run() async throws {
    let manifests = ManifestSchema(catalog: ShippedCatalog.catalog)
    switch document {
    case "app": Terminal.write(manifests.app.document)
    case "platform": Terminal.write(manifests.platform.document)
    default:
      guard let schema = DocumentSchema.schema(document) else {
        let known = (["app", "platform"] + DocumentSchema.names).joined(separator: ", ")
        throw CommandFailure(
          .usage, "there is no schema of \(document.escapingControls)", fix: "one of: \(known)")
      }
      Terminal.write(schema.document)
    }
  }
}
