// `apps` of platform.yaml: where apps are in this repository, and apps of others.

import FormationModel

extension PlatformReader {
  mutating func decodeApps(_ entry: ManifestEntry) {
    guard let items = result.read.list(entry.value, "apps") else { return }
    result.places = []
    for item in items {
      if item.entries != nil {
        decodeApp(item)
      } else if let text = result.read.line(item, "an entry of apps"),
        let path = folder(text, at: item.mark)
      {
        result.places.append(AppPlace(path: path, mark: item.mark))
      }
    }
    if result.places.isEmpty, result.foreignApps.isEmpty, !result.read.hasErrors {
      result.read.warning("no-apps", at: entry.keyMark, "apps names no place: nothing is read")
    }
  }

  private mutating func folder(_ text: String, at mark: SourceMark) -> String? {
    let path = RepositoryPath.resolve(text, from: "")
    guard let path, !text.hasPrefix("/"), !text.contains("**") else {
      result.read.error(
        "path-outside", at: mark, "\(quoted(text)) is not a folder of this repository",
        fix: "write a path from the repository's root; `*` stands for one part: `apps/*`")
      return nil
    }
    return path
  }

  private mutating func decodeApp(_ item: ManifestValue) {
    guard let fields = result.read.fields(item, "apps", keys: PlatformKeys.app) else { return }
    let name = fields["name"].flatMap { appName($0.value) }
    let path = fields["path"].flatMap { field in
      result.read.line(field.value, "apps.path").flatMap { folder($0, at: field.value.mark) }
    }
    if let repository = fields["repository"] {
      return addForeignApp(repository, name: name, path: path ?? "", fields)
    }
    if let ref = fields["ref"] {
      result.read.error(
        "contradiction", at: ref.keyMark, "`ref` goes with `repository`",
        fix: "apps of this repository are read from the commit itself")
    }
    guard fields["path"] != nil else {
      return result.read.error(
        "missing-key", at: item.mark, "an entry of apps needs `path` or `repository`")
    }
    guard let path else { return }
    if path.contains("*"), let name = fields["name"] {
      return result.read.error(
        "contradiction", at: name.keyMark, "one `name` cannot be given to all of \(quoted(path))",
        fix: "name one folder, or leave the names to the folders")
    }
    let environment = fields["environment"].flatMap {
      result.read.line($0.value, "apps.environment")
    }
    result.places.append(
      AppPlace(path: path, name: name?.rawValue, environment: environment, mark: item.mark))
  }

  private mutating func appName(_ value: ManifestValue) -> AppName? {
    guard let text = result.read.line(value, "apps.name") else { return nil }
    if let name = AppName(rawValue: text) { return name }
    result.read.error(
      "invalid-name", at: value.mark, "\(quoted(text)) cannot be an app's name",
      fix: "write `\(AppName(nearestTo: text))`: 3 to 30 lower-case letters, digits and `-`, "
        + "a letter first")
    return nil
  }

  /// An app of another repository: told and held, never lost in silence.
  private mutating func addForeignApp(
    _ entry: ManifestEntry, name: AppName?, path: String, _ fields: Fields
  ) {
    guard let address = result.read.line(entry.value, "apps.repository") else { return }
    if let ref = fields["ref"] { _ = result.read.line(ref.value, "apps.ref") }
    let last = RepositoryPath.lastPart(address)
    let guess = last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    let name = name ?? AppName(nearestTo: guess)
    if result.foreignApps.contains(where: { $0.name == name }) {
      return result.read.error(
        "duplicate-name", at: entry.keyMark, "two apps are called \(name)",
        fix: "give one of them another `name`")
    }
    var app = DesiredApp(name: name, folder: path, stack: .defaultStack)
    let field = FieldPath("apps.\(name).repository")
    app.unsupported = [UnsupportedField(field: field, feature: "apps of other repositories")]
    app.marks.places[field] = entry.keyMark
    result.foreignApps.append(app)
    result.read.warning(
      "not-supported-yet", at: entry.keyMark,
      "\(name) comes from another repository, which this version cannot read: the app is held",
      fix: "copy its manifests into this repository, or wait for a later version")
  }
}
