// What an app consists of: former names, stack, slug, build, image.

import FormationModel

extension AppDecoder {
  mutating func decodeFormerNames(_ entry: ManifestEntry?) {
    guard let entry else { return }
    for (text, mark) in read.texts(entry.value, "was") {
      guard let name = AppName(rawValue: text) else {
        read.error(
          "invalid-name", at: mark, "was names \(quoted(text)), which cannot be an app's name")
        continue
      }
      app.formerNames.append(name)
      links.formerNames.append(AppLinks.Place(name: text, mark: mark))
    }
  }

  mutating func decodeContent(_ fields: Fields) {
    decodeStack(fields["stack"])
    if let entry = fields["slug"] { decodeSlug(entry) }
    if let entry = fields["build"] { decodeBuild(entry) }
    if let entry = fields["buildpacks"] {
      _ = read.texts(entry.value, "buildpacks")
      holdForMissing("builds", field: "buildpacks", at: entry.keyMark)
    }
    guard let image = fields["image"] else { return }
    for other in ["stack", "slug", "build"] {
      guard let entry = fields[other], !FieldReader.isLenient(entry.keyMark.file) else { continue }
      read.error(
        "contradiction", at: image.keyMark, "image and \(other) exclude each other",
        fix: "keep one of them",
        related: [Diagnostic.Related(mark: entry.keyMark, message: "\(other) is here")])
    }
    decodeImage(image)
  }

  private mutating func decodeStack(_ entry: ManifestEntry?) {
    guard let entry, let text = read.line(entry.value, "stack") else { return }
    let lower = text.lowercased()
    if lower.hasPrefix("heroku-") || lower.hasPrefix("cedar") || lower.hasPrefix("cellar") {
      read.note(
        "heroku-stack", at: entry.value.mark,
        "stack \(quoted(text)) is Heroku's; the app gets \(CatalogName.defaultStack)")
    } else if lower == "container" {
      holdForMissing("Dockerfile builds", field: "stack", at: entry.value.mark)
    } else if let name = CatalogName(rawValue: text), platform.catalog.stacks[name] != nil {
      app.stack = name
    } else {
      unknown(
        "stack", code: "unknown-stack", text, at: entry.value.mark,
        among: platform.catalog.stacks.keys)
    }
  }

  /// Records that a name is not in the catalog.
  mutating func unknown(
    _ kind: String, code: String, _ text: String, at mark: SourceMark,
    among known: some Collection<CatalogName>
  ) {
    let names = known.map(\.rawValue).sorted()
    read.error(
      code, at: mark, "there is no \(kind) \(quoted(text))",
      fix: Suggestion.nearest(to: text, among: names).map { "did you mean `\($0)`?" }
        ?? "the catalog has: \(names.prefix(12).joined(separator: ", "))")
  }

  private mutating func decodeSlug(_ entry: ManifestEntry) {
    if entry.value.entries != nil { return decodeForeignSlug(entry) }
    guard let text = read.line(entry.value, "slug") else { return }
    guard let folder = RepositoryPath.resolve(text, from: app.folder) else {
      read.error(
        "path-outside", at: entry.value.mark, "slug \(quoted(text)) leaves the repository",
        fix: "name a folder of this repository; `.` is the app's own")
      return
    }
    app.slugFolder = folder
    if folder != app.folder {
      links.slugFolder = AppLinks.Place(name: folder, mark: entry.value.mark)
    }
  }

  private mutating func decodeForeignSlug(_ entry: ManifestEntry) {
    guard let fields = read.fields(entry.value, "slug", keys: AppKeys.slug) else { return }
    switch (fields["repository"], fields["archive"]) {
    case (let repository?, nil): decodeSlugRepository(repository, fields)
    case (nil, let archive?):
      address(archive, "slug.archive", schemes: ["https", "file"])
      decodeDigest(fields["sha256"], at: archive.keyMark)
      holdForMissing("slugs from archives", field: "slug", at: entry.keyMark)
    default:
      read.error(
        "contradiction", at: entry.value.mark, "slug needs either `repository` or `archive`",
        fix: "write `{repository: URL, ref: BRANCH}` or `{archive: URL, sha256: DIGEST}`")
    }
  }

  private mutating func decodeSlugRepository(_ repository: ManifestEntry, _ fields: Fields) {
    let address = read.repository(repository.value, "slug.repository")
    let ref = fields["ref"].flatMap { read.ref($0.value, "slug.ref") }
    var folder: String? = ""
    if let field = fields["path"], let text = read.line(field.value, "slug.path") {
      folder = RepositoryPath.resolve(text, from: "")
      if folder == nil || text.hasPrefix("/") {
        read.error(
          "path-outside", at: field.value.mark, "slug.path \(quoted(text)) leaves the repository",
          fix: "name a folder of that repository; `.` is its root")
      }
    }
    guard let address, let folder else { return }
    // Who may change a manifest elsewhere must not learn what lies on this machine.
    if address.isOnThisMachine, app.isFromAnotherMachine {
      read.error(
        "invalid-address", at: repository.value.mark,
        "slug.repository names a place on this machine, and these manifests come from elsewhere",
        fix: "name an https:// or ssh:// address")
    }
    app.slugSource = AppSource(repository: address.description, ref: ref)
    app.slugFolder = folder
  }

  private mutating func decodeDigest(_ entry: ManifestEntry?, at mark: SourceMark) {
    guard let entry else {
      read.error(
        "missing-key", at: mark, "slug.archive needs `sha256`", fix: "add the archive's SHA-256")
      return
    }
    guard let text = read.line(entry.value, "slug.sha256") else { return }
    if text.utf8.count != 64 || !text.utf8.allSatisfy({ $0.isDigit || (97...102).contains($0) }) {
      read.error(
        "wrong-type", at: entry.value.mark,
        "slug.sha256 must be 64 lower-case hexadecimal digits")
    }
  }

  private mutating func address(_ entry: ManifestEntry, _ field: String, schemes: [String]) {
    guard let text = read.line(entry.value, field) else { return }
    if !schemes.contains(where: { text.hasPrefix("\($0)://") && text.utf8.count > $0.count + 3 }) {
      read.error(
        "invalid-address", at: entry.value.mark,
        "\(field) must start with \(schemes.map { "\($0)://" }.joined(separator: ", "))")
    }
  }

  private mutating func decodeBuild(_ entry: ManifestEntry) {
    guard let fields = read.fields(entry.value, "build", keys: AppKeys.build) else { return }
    let kinds = ["run", "buildpacks", "dockerfile"].filter { fields[$0] != nil }
    if kinds.count != 1 {
      read.error(
        "contradiction", at: entry.value.mark,
        "build needs exactly one of run, buildpacks, dockerfile; it has "
          + (kinds.isEmpty ? "none" : kinds.joined(separator: " and ")))
    }
    if let run = fields["run"] { _ = read.text(run.value, "build.run") }
    if let dockerfile = fields["dockerfile"] { _ = read.line(dockerfile.value, "build.dockerfile") }
    for key in ["cache", "buildpacks"] {
      if let field = fields[key] { _ = read.texts(field.value, "build.\(key)") }
    }
    if let arguments = fields["args"] { _ = read.entries(arguments.value, "build.args") }
    holdForMissing("builds", field: "build", at: entry.keyMark)
  }

  private mutating func decodeImage(_ entry: ManifestEntry) {
    for type in entry.value.entries ?? [] where ProcessType(rawValue: type.key) == nil {
      read.error(
        "invalid-name", at: type.keyMark, "\(quoted(type.key)) cannot be a process type")
    }
    let references = entry.value.entries?.map(\.value) ?? [entry.value]
    for reference in references {
      guard let text = read.line(reference, "image") else { continue }
      if text.contains(" ") || text.contains("://") {
        read.error(
          "invalid-image", at: reference.mark, "\(quoted(text)) is not an image reference",
          fix: "write it without a scheme: `ghcr.io/acme/shop:tag` or `…@sha256:…`")
      }
    }
    holdForMissing("images", field: "image", at: entry.keyMark)
  }
}

extension DesiredApp {
  /// Whether its manifests were fetched from another machine than this one.
  fileprivate var isFromAnotherMachine: Bool {
    guard let repository = source?.repository,
      let address = try? RepositoryAddress(checking: repository, relativeTo: nil)
    else { return false }
    return !address.isOnThisMachine
  }
}
