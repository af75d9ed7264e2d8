// The files of this repository as the checks see them. Build products and what git ignores are left
// out.

import Foundation

/// This repository's own files.
enum Repository {
  /// The folder with Package.swift in it.
  static let root: String = {
    let here = URL(fileURLWithPath: #filePath)
    return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .path
  }()

  /// Every Swift file under Sources.
  static let sources = swiftFiles(in: "Sources")
  /// Every Swift file under Tests.
  static let tests = swiftFiles(in: "Tests")
  /// Every Markdown page.
  static let pages: [Page] =
    (["README.md"].filter(exists) + ["docs", "examples", "manifests"].flatMap { files(in: $0) })
    .filter { $0.hasSuffix(".md") }.map { Page(path: $0, text: text(of: $0)) }

  /// Paths of all files below a folder, sorted; none when there is no such folder.
  static func files(in folder: String) -> [String] {
    let enumerator = FileManager.default.enumerator(atPath: "\(root)/\(folder)")
    var paths: [String] = []
    while let path = enumerator?.nextObject() as? String {
      if path.split(separator: "/").contains(where: { $0.hasPrefix(".") || $0 == "__pycache__" }) {
        continue
      }
      var isFolder: ObjCBool = false
      let full = "\(root)/\(folder)/\(path)"
      if FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue {
        paths.append("\(folder)/\(path)")
      }
    }
    return paths.sorted()
  }

  /// The names in a folder, sorted.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []).sorted()
  }

  /// Whether there is a file or folder of that path.
  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(root)/\(path)")
  }

  /// A file's text; empty when it is not text.
  static func text(of path: String) -> String {
    (try? String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)) ?? ""
  }

  private static func swiftFiles(in folder: String) -> [SwiftFile] {
    files(in: folder).filter { $0.hasSuffix(".swift") }.map {
      SwiftFile(path: $0, text: text(of: $0))
    }
  }
}

/// A Markdown page.
struct Page {
  /// From the repository's root.
  let path: String
  /// All of it.
  let text: String
}
