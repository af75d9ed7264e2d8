// What an app is called: platform.yaml's word, else app.yaml's `name`, else the folder's name.

import FormationModel

/// Names one app.
struct AppNaming {
  /// The folder.
  let folder: AppFolder
  /// What the root is called when its manifest does not say.
  let rootName: String?

  /// The name, and what is wrong with it; with a problem it is the nearest valid one.
  func name(in manifest: ManifestValue?) -> (AppName, [Diagnostic]) {
    if let given = folder.name, let name = AppName(rawValue: given) { return (name, []) }
    let folderName = folder.path.isEmpty ? rootName : RepositoryPath.lastPart(folder.path)
    var nearest: AppName { AppName(nearestTo: folderName ?? "root") }
    if let value = manifest?["name"] {
      guard let text = value.text, let name = AppName(rawValue: text) else {
        return (nearest, [problem(value.described, at: value.mark, nearest: value.text)])
      }
      return (name, [])
    }
    if let folderName {
      if let name = AppName(rawValue: folderName) { return (name, []) }
      let what = folder.path.isEmpty ? "the repository's name" : "the folder's name"
      return (nearest, [problem("\(what) \(quoted(folderName))", at: nil, nearest: folderName)])
    }
    return (nearest, [problem(nil, at: nil, nearest: nil)])
  }

  private func problem(
    _ what: String?, at mark: SourceMark?, nearest: String?
  ) -> Diagnostic {
    let suggestion = nearest.map { AppName(nearestTo: $0).rawValue } ?? "my-app"
    return Diagnostic(
      .error, what == nil ? "no-name" : "invalid-name", at: mark,
      what.map { "\($0) cannot be an app's name" } ?? "the app at the root has no name",
      fix: "write `name: \(suggestion)` in app.yaml: 3 to 30 lower-case letters, digits and `-`, "
        + "a letter first")
  }
}
