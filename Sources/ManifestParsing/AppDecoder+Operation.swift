// How an app is reached, replaced and run: domains, router, rollout, suspension, windows, space.

import FormationModel

extension AppDecoder {
  mutating func decodeRouting(_ fields: Fields) {
    if let entry = fields["domains"] { decodeDomains(entry) }
    if let entry = fields["router"],
      let settings = read.fields(entry.value, "router", keys: AppKeys.router)
    {
      app.routing = routing(settings)
    }
    if let entry = fields["sleep"] { decodeSleep(entry) }
    if let entry = fields["maintenance"] {
      app.maintenance = read.boolean(entry.value, "maintenance") ?? false
    }
  }

  /// Nil when everything is as it would be without a word.
  private mutating func routing(_ settings: Fields) -> RoutingSettings? {
    let limits: ClosedRange<Duration> = .seconds(1)...(.seconds(3600))
    var routing = RoutingSettings()
    if let entry = settings["timeout"],
      let timeout = read.duration(entry.value, "router.timeout", in: limits)
    {
      routing.timeout = timeout
    }
    if let entry = settings["idle"],
      let idle = read.duration(entry.value, "router.idle", in: limits)
    {
      routing.idle = idle
    }
    if let entry = settings["affinity"] {
      routing.affinity = read.boolean(entry.value, "router.affinity") ?? false
    }
    return routing == RoutingSettings() ? nil : routing
  }

  private mutating func decodeDomains(_ entry: ManifestEntry) {
    for (text, mark) in read.texts(entry.value, "domains") {
      if let problem = DomainName.problem(in: text) {
        read.error(
          "invalid-domain", at: mark, "domain \(quoted(text)) \(problem.message)",
          fix: problem.fix)
      } else if app.domains.contains(text) {
        read.warning("duplicate-domain", at: mark, "domain \(text) is listed twice")
      } else {
        app.domains.append(text)
        links.domains.append(AppLinks.Place(name: text, mark: mark))
      }
    }
  }

  private mutating func decodeSleep(_ entry: ManifestEntry) {
    guard let fields = read.fields(entry.value, "sleep", keys: AppKeys.sleep) else { return }
    if let after = fields["after"] {
      _ = read.duration(after.value, "sleep.after", in: .seconds(60)...(.seconds(86_400)))
    }
    warnOfMissing("sleeping", field: "sleep", at: entry.keyMark)
  }

  mutating func decodeRollout(_ entry: ManifestEntry?) {
    guard let entry,
      let fields = read.fields(entry.value, "rollout", keys: AppKeys.rollout)
    else { return }
    if let strategy = fields["strategy"] {
      app.rollout.strategy = read.choice(
        strategy.value, "rollout.strategy", of: RolloutPolicy.Strategy.allCases)
    }
    if let surge = fields["max_surge"] {
      app.rollout.maxSurgePercent =
        read.percent(surge.value, "rollout.max_surge", in: 1...100) ?? 25
    }
    if let missing = fields["max_unavailable"] {
      app.rollout.maxUnavailablePercent =
        read.percent(missing.value, "rollout.max_unavailable", in: 1...100) ?? 25
    }
    let unused: [RolloutPolicy.Strategy: String] = [
      .preboot: "max_unavailable", .rolling: "max_surge",
    ]
    if let strategy = app.rollout.strategy, let key = unused[strategy], let field = fields[key] {
      read.warning(
        "unused-key", at: field.keyMark,
        "rollout.\(key) is not used by the strategy \(strategy.rawValue)")
    }
    if let revert = fields["auto_revert"] {
      app.rollout.autoRevert = read.boolean(revert.value, "rollout.auto_revert") ?? false
    }
  }

  mutating func decodeOperation(_ fields: Fields) {
    if let entry = fields["suspend"] { decodeSuspension(entry) }
    if let entry = fields["windows"] { decodeWindows(entry) }
    if let entry = fields["depends_on"] { decodeDependencies(entry) }
    if let entry = fields["deletion"] {
      app.deletion =
        read.choice(entry.value, "deletion", of: DeletionPolicy.allCases) ?? .retain
      if app.deletion != .retain, !links.addOns.isEmpty {
        holdForMissing("deletion of data", field: "deletion", at: entry.keyMark)
      }
    }
    if let entry = fields["space"], let name = read.line(entry.value, "space") {
      if CatalogName(rawValue: name) == nil {
        read.error(
          "invalid-name", at: entry.value.mark, "\(quoted(name)) cannot name a space")
      }
      links.space = AppLinks.Place(name: name, mark: entry.value.mark)
      holdForMissing("spaces", field: "space", at: entry.keyMark)
    }
    decodeEnvironmentNames(fields["environments"])
  }

  private mutating func decodeSuspension(_ entry: ManifestEntry) {
    let text = entry.value.text ?? ""
    if text == "false" { return }
    if let suspension = Suspension(rawValue: text), suspension != .none {
      app.suspension = suspension
      return
    }
    read.wrongType(
      entry.value, "suspend", expected: "false, deploys or everything",
      fix: text == "true" ? "write `suspend: deploys` or `suspend: everything`" : nil)
  }

  private mutating func decodeWindows(_ entry: ManifestEntry) {
    guard let items = read.list(entry.value, "windows") else { return }
    var windows: [DeployWindow] = []
    for item in items {
      guard let fields = read.fields(item, "windows", keys: AppKeys.window) else { continue }
      app.marks.places[FieldPath("windows.\(windows.count)")] = item.mark
      windows += window(fields, at: item.mark)
    }
    app.windows = windows.isEmpty ? nil : windows
  }

  private mutating func window(_ fields: Fields, at mark: SourceMark) -> [DeployWindow] {
    if (fields["deny"] == nil) == (fields["allow"] == nil) {
      read.error(
        "contradiction", at: mark, "a window needs either `deny` or `allow`",
        fix: "write `{deny: \"Fri 16:00 - Mon 07:00\", zone: Europe/Berlin}`")
    }
    let zone = fields["zone"].map { self.zone($0.value, "windows.zone") } ?? "UTC"
    return DeployWindow.Rule.allCases.compactMap { rule in
      guard let span = fields[rule.rawValue],
        let stretches = timeSpan(span.value, "windows.\(rule.rawValue)"), let zone
      else { return nil }
      return DeployWindow(rule, span.value.text ?? "", stretches, zone: zone)
    }
  }

  private mutating func decodeDependencies(_ entry: ManifestEntry) {
    for (text, mark) in read.texts(entry.value, "depends_on") {
      guard let name = AppName(rawValue: text) else {
        read.error("invalid-name", at: mark, "\(quoted(text)) cannot be an app's name")
        continue
      }
      app.dependsOn.append(name)
      links.dependencies.append(AppLinks.Place(name: text, mark: mark))
    }
  }

  private mutating func decodeEnvironmentNames(_ entry: ManifestEntry?) {
    guard let entry, let environments = read.entries(entry.value, "environments") else { return }
    for environment in environments {
      if CatalogName(rawValue: environment.key) == nil {
        read.error(
          "invalid-name", at: environment.keyMark,
          "\(quoted(environment.key)) cannot name an environment",
          fix: "use lower-case letters, digits and `-`")
      }
      let entries = read.entries(environment.value, "environments.\(environment.key)") ?? []
      for entry in entries where AppKeys.notInEnvironments.contains(entry.key) {
        read.error(
          "unknown-key", at: entry.keyMark, "`\(entry.key)` cannot differ by environment",
          fix: "write it at the top of app.yaml")
      }
    }
  }
}
