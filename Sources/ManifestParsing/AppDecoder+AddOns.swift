// Add-ons and attachments: they exist, have a plan, and no config var is claimed twice.

import FormationModel

extension AppDecoder {
  /// Who claims a config var.
  private struct Claim {
    let owner: String
    let mark: SourceMark
  }

  mutating func decodeAddOns(_ entry: ManifestEntry?) {
    guard let entry, let items = read.list(entry.value, "addons") else { return }
    var claims: [String: Claim] = [:]
    for item in items {
      if item.entries != nil {
        decodeAddOn(item, &claims)
      } else if let plan = read.line(item, "an entry of addons") {
        addService(plan, at: item.mark, name: nil, prefix: nil, &claims)
      }
    }
  }

  private mutating func decodeAddOn(_ item: ManifestValue, _ claims: inout [String: Claim]) {
    guard let fields = read.fields(item, "addons", keys: AppKeys.addOn) else { return }
    let prefix = fields["as"].flatMap { attachmentPrefix($0.value) }
    if let deletion = fields["deletion"] {
      let policy = read.choice(deletion.value, "addons.deletion", of: DeletionPolicy.allCases)
      if let policy, policy != .retain {
        holdForMissing("deletion of data", field: "addons.deletion", at: deletion.keyMark)
      }
    }
    switch (fields["plan"], fields["attach"]) {
    case (let plan?, nil):
      guard let text = read.line(plan.value, "addons.plan") else { return }
      let name = fields["name"].flatMap { addOnName($0.value) }
      addService(text, at: plan.value.mark, name: name, prefix: prefix, &claims)
    case (nil, let attach?): addAttachment(attach, prefix: prefix, &claims)
    default:
      read.error(
        "contradiction", at: item.mark, "an entry of addons needs either `plan` or `attach`",
        fix: "write `{plan: SERVICE:PLAN}` or `{attach: APP/NAME, as: PREFIX}`")
    }
  }

  private mutating func addOnName(_ value: ManifestValue) -> String? {
    guard let text = read.line(value, "addons.name") else { return nil }
    guard CatalogName(rawValue: text) != nil, !text.contains(".") else {
      read.error(
        "invalid-name", at: value.mark, "\(quoted(text)) cannot name an add-on",
        fix: "use lower-case letters, digits and `-`")
      return nil
    }
    return text
  }

  private mutating func attachmentPrefix(_ value: ManifestValue) -> String? {
    guard let text = read.line(value, "addons.as") else { return nil }
    guard ConfigKey(rawValue: text) != nil, text == text.uppercased() else {
      read.error(
        "invalid-name", at: value.mark, "\(quoted(text)) cannot be the prefix of config vars",
        fix: "use upper-case letters, digits and `_`: `as: \(configPrefix(text))`")
      return nil
    }
    return text
  }

  private func configPrefix(_ name: String) -> String {
    String(name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }

  private mutating func addService(
    _ text: String, at mark: SourceMark, name: String?, prefix: String?,
    _ claims: inout [String: Claim]
  ) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    let services = platform.catalog.addOns
    guard let first = parts.first, let key = CatalogName(rawValue: first),
      let service = services[key]
    else {
      return unknown(
        "add-on service", code: "unknown-addon", parts.first ?? text, at: mark,
        among: services.keys)
    }
    if parts.count == 2, !service.plans.contains(where: { $0.name.rawValue == parts[1] }) {
      return unknownPlan(parts[1], of: service, at: mark)
    }
    let ownName = name ?? service.configPrefix.lowercased().replacing("_", with: "-")
    if links.addOns.contains(ownName) {
      return read.error(
        "duplicate-name", at: mark, "two add-ons of the app are named `\(ownName)`",
        fix: "give one another name: `{plan: \(text), name: NAME}`")
    }
    links.addOns.append(ownName)
    let owner = "add-on \(ownName)"
    claim(prefix ?? name.map(configPrefix) ?? service.configPrefix, owner, at: mark, &claims)
    holdForMissing("add-ons", field: "addons.\(ownName)", at: mark)
  }

  private mutating func unknownPlan(_ plan: String, of service: AddOnService, at mark: SourceMark) {
    let plans = service.plans.map(\.name.rawValue)
    read.error(
      "unknown-plan", at: mark, "\(service.name) has no plan \(quoted(plan))",
      fix: Suggestion.nearest(to: plan, among: plans).map {
        "did you mean `\(service.name):\($0)`?"
      }
        ?? "its plans: \(plans.prefix(12).joined(separator: ", "))")
  }

  private mutating func addAttachment(
    _ entry: ManifestEntry, prefix: String?, _ claims: inout [String: Claim]
  ) {
    guard let text = read.line(entry.value, "addons.attach") else { return }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, AppName(rawValue: parts[0]) != nil, !parts[1].isEmpty else {
      read.error(
        "invalid-attachment", at: entry.value.mark, "\(quoted(text)) does not name an add-on",
        fix: "write `attach: APP/NAME`")
      return
    }
    links.attachments.append(AppLinks.Place(name: text, mark: entry.value.mark))
    claim(
      prefix ?? configPrefix(parts[1]), "the attachment of \(text)", at: entry.value.mark, &claims)
    holdForMissing("attachments", field: "addons.attach", at: entry.keyMark)
  }

  /// Takes `PREFIX_URL` for its owner; a var that somebody else sets is an error.
  private mutating func claim(
    _ prefix: String, _ owner: String, at mark: SourceMark, _ claims: inout [String: Claim]
  ) {
    let variable = "\(prefix)_URL"
    if let other = claims[variable] {
      read.error(
        "config-claimed-twice", at: mark, "\(owner) and \(other.owner) both set \(variable)",
        fix: "give one another prefix with `as`",
        related: [Diagnostic.Related(mark: other.mark, message: "\(other.owner) is here")])
      return
    }
    claims[variable] = Claim(owner: owner, mark: mark)
    guard app.config.contains(where: { $0.key.rawValue == variable }) else { return }
    let hand = app.marks[FieldPath("env.\(variable)")]
    read.error(
      "config-claimed-twice", at: hand ?? mark, "\(variable) is set by hand and by \(owner)",
      fix: "take it out of `env`, or give the add-on another prefix with `as`",
      related: [Diagnostic.Related(mark: mark, message: "\(owner) is here")])
  }
}
