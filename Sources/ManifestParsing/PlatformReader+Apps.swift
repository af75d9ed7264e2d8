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
    if result.places.isEmpty, !result.read.hasErrors {
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
    let environment = fields["environment"].flatMap {
      result.read.line($0.value, "apps.environment")
    }
    let repository = fields["repository"].flatMap {
      result.read.repository($0.value, "apps.repository")
    }
    let ref = fields["ref"].flatMap { result.read.ref($0.value, "apps.ref") }
    guard fields["path"] != nil || fields["repository"] != nil else {
      return result.read.error(
        "missing-key", at: item.mark, "an entry of apps needs `path` or `repository`")
    }
    if result.read.hasErrors { return }
    let isElsewhere = repository != nil || ref != nil
    var place = AppPlace(path: path ?? "", name: name?.rawValue, mark: item.mark)
    place.environment = environment
    place.source =
      isElsewhere ? AppSource(repository: repository?.description, ref: ref) : nil
    if place.path.contains("*"), let name = fields["name"] {
      return result.read.error(
        "contradiction", at: name.keyMark,
        "one `name` cannot be given to all of \(quoted(place.path))",
        fix: "name one folder, or leave the names to the folders")
    }
    result.places.append(place)
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
}
