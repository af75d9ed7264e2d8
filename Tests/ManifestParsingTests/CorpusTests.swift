// Real-life files of the kinds that Heroku reads, from a folder outside of the repository. Each has
// to end in a formation or in diagnostics; none may lose a process type in silence.

import FormationModel
import Foundation
import ManifestParsing
import Testing

@Suite struct CorpusTests {
  private static var folder: String? { ProcessInfo.processInfo.environment["MUSTER_CORPUS"] }

  @Test(.enabled(if: folder != nil, "MUSTER_CORPUS does not name a folder of real-life files"))
  func `every real-life file ends in a formation or in diagnostics`() throws {
    let root = try #require(Self.folder)
    for kind in Kind.allCases {
      let folder = "\(root)/\(kind.rawValue)"
      for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
        let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
        try check(Array(data), kind, name)
      }
    }
  }

  private enum Kind: String, CaseIterable {
    case appjson, herokuyml, procfile

    var file: String {
      switch self {
      case .appjson: "app.json"
      case .herokuyml: "heroku.yml"
      case .procfile: "Procfile"
      }
    }
  }

  private func check(_ bytes: [UInt8], _ kind: Kind, _ name: String) throws {
    var tree = MemoryTree()
    if kind == .appjson {
      tree.files["apps/shop/Procfile"] = Array("web: serve\nworker: work".utf8)
    }
    tree.files["apps/shop/\(kind.file)"] = bytes
    let formation = try tree.formation(catalog: ShippedCatalog.catalog)
    let errors = formation.errorCodes
    #expect(formation.app("shop") != nil || !errors.isEmpty, "\(name) vanished")
    #expect(
      formation.app("shop") == nil || errors.isEmpty, "\(name) is valid in spite of \(errors)")
    if ProcessInfo.processInfo.environment["MUSTER_CORPUS_SHOW"] != nil {
      print("== \(name): \(formation.shop)")
      if let app = formation.app("shop") {
        print("   config \(app.config.count), missing \(app.missingConfig.count)", terminator: "; ")
        print(app.unsupported.map { "\($0.field): \($0.feature)" }.joined(separator: ", "))
      }
      for line in formation.lines { print("   \(line)") }
    }
  }
}
