// The schemas of app.yaml and platform.yaml: the parser's own keys, each with its type. A key
// without a type, and a type without a key, fail a test.

package import FormationModel
import ManifestParsing

/// Schemas of manifests.
package struct ManifestSchema: Sendable {
  private let catalog: Catalog

  /// Makes schemas; names of the catalog are offered by editors, others are allowed.
  package init(catalog: Catalog) { self.catalog = catalog }

  /// The schema of app.yaml.
  package var app: JSONValue {
    var writer = SchemaWriter(places: places(AppKeys.all, appTypes))
    writer.displayKeys = AppKeys.display
    return document("app.yaml", writer.schema(.fields("")))
  }

  /// The schema of platform.yaml.
  package var platform: JSONValue {
    let tables = PlatformKeys.all + CatalogKeys.all
    return document(
      "platform.yaml",
      SchemaWriter(places: places(tables, platformTypes)).schema(.fields("")))
  }

  /// Keys of the parser that have no type here, and types here that the parser has no key for.
  package var mismatches: [String] {
    let pairs = [
      (AppKeys.all, appTypes, [Self.environment]),
      (PlatformKeys.all + CatalogKeys.all, platformTypes, []),
    ]
    return pairs.flatMap { tables, types, own in
      let known = Set(tables.flatMap(\.paths))
      let typed = Set(types.keys).subtracting(own)
      return known.subtracting(typed).sorted().map { "\($0) has no type" }
        + typed.subtracting(known).sorted().map { "\($0) is no key" }
    }
  }

  private static let environment = "environments.NAME"

  private func document(_ title: String, _ schema: JSONValue) -> JSONValue {
    guard case .object(let members) = schema else { return schema }
    return .object(
      [
        .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
        .init("title", .string(title)),
      ] + members)
  }

  /// The typed keys of every place, in the order in which people write them.
  private func places(
    _ tables: [KeyTable], _ types: [String: FieldType]
  ) -> [String: [FieldType.Member]] {
    var places: [String: [FieldType.Member]] = [:]
    for table in tables {
      places[table.place] = zip(table.keys, table.paths).map { key, path in
        FieldType.Member(name: key, type: types[path] ?? .anything)
      }
    }
    let shared = places[""]?.filter { !AppKeys.notInEnvironments.contains($0.name) }
    places[Self.environment] = shared
    return places
  }

  private var sizes: FieldType { .known(catalog.dynoTypes.keys.map(\.rawValue).sorted()) }
  private var stacks: FieldType { .known(catalog.stacks.keys.map(\.rawValue).sorted()) }
}

// MARK: - app.yaml

extension ManifestSchema {
  private static let appName = FieldType.pattern("^[a-z][a-z0-9-]{1,28}[a-z0-9]$")
  private static let deletion = FieldType.words(DeletionPolicy.allCases.map(\.rawValue))

  private var appTypes: [String: FieldType] {
    topTypes.merging(contentTypes) { first, _ in first }
      .merging(processTypes) { first, _ in first }
      .merging(operationTypes) { first, _ in first }
  }

  private var topTypes: [String: FieldType] {
    [
      "name": Self.appName, "was": .list(Self.appName), "stack": stacks,
      "slug": .either([.string, .fields("slug")]), "build": .fields("build"),
      "image": .either([.string, .mapping(.string)]),
      "env": .mapping(.either([.text, .fields("env.KEY")])),
      "formation": .mapping(.optional(.fields("formation.TYPE"))),
      "addons": .list(.either([.string, .fields("addons[]")])),
      "jobs": .mapping(.optional(.fields("jobs.NAME"))), "domains": .list(.text),
      "router": .fields("router"), "release": .fields("release"), "rollout": .fields("rollout"),
      "sleep": .fields("sleep"), "space": .string, "depends_on": .list(Self.appName),
      "maintenance": .boolean, "suspend": .either([.no, .words(["deploys", "everything"])]),
      "windows": .list(.fields("windows[]")), "deletion": Self.deletion,
      "environments": .mapping(.optional(.fields(Self.environment))), "buildpacks": .list(.text),
      "scripts": .fields("scripts"),
    ]
  }

  private var contentTypes: [String: FieldType] {
    [
      "slug.repository": .string, "slug.ref": .text, "slug.path": .text, "slug.archive": .string,
      "slug.sha256": .pattern("^[0-9a-f]{64}$"),
      "build.run": .text, "build.cache": .list(.text), "build.buildpacks": .list(.text),
      "build.dockerfile": .text, "build.args": .mapping(.anything),
      "env.KEY.value": .text, "env.KEY.generator": .words(["secret"]), "env.KEY.secret": .text,
      "env.KEY.description": .text, "env.KEY.required": .boolean,
      "addons[].plan": .string, "addons[].name": .string, "addons[].as": .string,
      "addons[].deletion": Self.deletion, "addons[].attach": .string, "addons[].options": .anything,
      "scripts.postdeploy": .text, "scripts.pr-predestroy": .text, "scripts.test": .text,
      "scripts.test-setup": .text,
    ]
  }

  private var processTypes: [String: FieldType] {
    let process = "formation.TYPE"
    let quantity = FieldType.number(0...100)
    return [
      "\(process).quantity": .either([quantity, .fields("\(process).quantity")]),
      "\(process).size": sizes, "\(process).healthcheck": .fields("\(process).healthcheck"),
      "\(process).min_healthy": .duration, "\(process).stop_timeout": .duration,
      "\(process).overlap": .boolean, "\(process).tcp": .number(1...65_535),
      "\(process).schedule": .list(.fields("\(process).schedule[]")),
      "\(process).quantity.min": quantity, "\(process).quantity.max": quantity,
      "\(process).quantity.p95": .duration,
      "\(process).healthcheck.path": .pattern("^/"), "\(process).healthcheck.interval": .duration,
      "\(process).healthcheck.timeout": .duration,
      "\(process).healthcheck.boot_timeout": .duration,
      "\(process).healthcheck.restart_after": .duration, "\(process).healthcheck.run": .text,
      "\(process).schedule[].when": .string, "\(process).schedule[].quantity": quantity,
      "\(process).schedule[].zone": .string,
    ]
  }

  private var operationTypes: [String: FieldType] {
    [
      "jobs.NAME.run": .text, "jobs.NAME.cron": .string, "jobs.NAME.every": .string,
      "jobs.NAME.at": .pattern("^[0-2][0-9]:[0-5][0-9]$"), "jobs.NAME.zone": .string,
      "jobs.NAME.size": sizes, "jobs.NAME.timeout": .duration,
      "jobs.NAME.overlap": .words(["skip", "allow"]),
      "router.timeout": .duration, "router.idle": .duration, "router.affinity": .boolean,
      "release.timeout": .duration,
      "rollout.strategy": .words(RolloutPolicy.Strategy.allCases.map(\.rawValue)),
      "rollout.max_surge": .percent, "rollout.max_unavailable": .percent,
      "rollout.auto_revert": .boolean, "sleep.after": .duration,
      "windows[].deny": .string, "windows[].allow": .string, "windows[].zone": .string,
    ]
  }
}

// MARK: - platform.yaml

extension ManifestSchema {
  private var platformTypes: [String: FieldType] {
    ruleTypes.merging(placeTypes) { first, _ in first }
      .merging(catalogTypes) { first, _ in first }
  }

  private var placeTypes: [String: FieldType] {
    let runtimes = FieldType.words(["embedded", "docker", "podman", "swarm", "simulated"])
    return [
      "apps": .list(.either([.string, .fields("apps[]")])),
      "apps[].path": .text, "apps[].name": Self.appName, "apps[].environment": .text,
      "apps[].repository": .string, "apps[].ref": .text,
      "runtime": .either([runtimes, .fields("runtime")]), "runtime.kind": runtimes,
      "runtime.registry": .string, "default_size": sizes,
      "router": .fields("router"), "router.domain": .string, "router.http": .number(1...65_535),
      "router.https": .number(1...65_535), "router.redirect": .boolean,
      "router.certificates": .string,
      "registries": .mapping(.fields("registries.HOST")), "registries.HOST.username": .text,
      "registries.HOST.password": .fields("registries.HOST.password"),
      "registries.HOST.password.secret": .string,
      "logs": .fields("logs"), "logs.per_dyno": .bytes, "logs.drains": .list(.string),
      "spaces": .mapping(.optional(.fields("spaces.NAME"))), "spaces.NAME.trusted": .list(.string),
      "catalog": .fields("catalog"),
    ]
  }

  private var ruleTypes: [String: FieldType] {
    let level = FieldType.words(RuleLevel.allCases.map(\.rawValue))
    return [
      "secrets": .fields("secrets"), "secrets.recipients": .list(.string),
      "owners": .mapping(.list(.string)), "policies": .mapping(.fields("policies.NAME")),
      "policies.NAME.level": level, "policies.NAME.value": .anything,
      "rules": .fields("rules"), "rules.heroku_tiers": level,
      "deletion": .fields("deletion"), "deletion.budget": .fields("deletion.budget"),
      "deletion.quarantine": .duration, "deletion.budget.apps": .number(0...100_000),
      "deletion.budget.dynos": .percent, "capacity": .fields("capacity"),
      "capacity.memory": .percent, "releases": .fields("releases"),
      "releases.keep": .number(1...1000), "review_apps": .fields("review_apps"),
      "review_apps.enabled": .boolean, "review_apps.forks": .boolean,
      "review_apps.max": .number(0...100), "review_apps.size": sizes,
      "review_apps.stale": .duration,
    ]
  }

  private var catalogTypes: [String: FieldType] {
    let type = "catalog.dyno_types.NAME"
    let stack = "catalog.stacks.NAME"
    let addOn = "catalog.addons.NAME"
    return [
      "catalog.dyno_types": .mapping(.fields(type)), "catalog.stacks": .mapping(.fields(stack)),
      "catalog.addons": .mapping(.fields(addOn)),
      "\(type).tier": .words(DynoType.Tier.allCases.map(\.rawValue)), "\(type).memory": .bytes,
      "\(type).kill_at": .bytes, "\(type).cpu": .number(1...10_000_000),
      "\(type).cores": .number(1...10_000_000), "\(type).processes": .number(1...10_000_000),
      "\(type).sleeps": .boolean, "\(type).price": .decimal,
      "\(stack).busybox": .boolean, "\(stack).debian": .fields("\(stack).debian"),
      "\(stack).folder": .pattern("^/"), "\(stack).archive": .pattern("^/"),
      "\(stack).shell": .pattern("^/"), "\(stack).debian.suite": .string,
      "\(stack).debian.packages": .list(.string),
      "\(addOn).config": .string, "\(addOn).data": .boolean,
      "\(addOn).plans": .list(.fields("\(addOn).plans[]")), "\(addOn).plans[].name": .text,
      "\(addOn).plans[].price": .decimal,
    ]
  }
}
