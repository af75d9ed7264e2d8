// The keys of platform.yaml. What stands in its catalog is the catalog reader's.

/// Where which keys of platform.yaml are known.
package enum PlatformKeys {
  static let top = KeyTable(
    "",
    [
      "apps", "runtime", "default_size", "router", "registries", "secrets", "owners", "policies",
      "rules", "deletion", "capacity", "spaces", "logs", "releases", "review_apps", "catalog",
    ],
    otherWords: ["heroku_tiers": "rules.heroku_tiers", "size": "default_size"])
  static let app = KeyTable(
    "apps[]", ["path", "name", "environment", "repository", "ref"])
  static let runtime = KeyTable("runtime", ["kind", "registry"])
  static let router = KeyTable(
    "router", ["domain", "http", "https", "redirect", "certificates"])
  static let registry = KeyTable("registries.HOST", ["username", "password"])
  static let password = KeyTable("registries.HOST.password", ["secret"])
  static let secrets = KeyTable("secrets", ["recipients"])
  static let policy = KeyTable("policies.NAME", ["level", "value"])
  static let rules = KeyTable("rules", ["heroku_tiers"])
  static let deletion = KeyTable("deletion", ["budget", "quarantine"])
  static let budget = KeyTable("deletion.budget", ["apps", "dynos"])
  static let capacity = KeyTable("capacity", ["memory"])
  static let space = KeyTable("spaces.NAME", ["trusted"])
  static let logs = KeyTable("logs", ["per_dyno", "drains"])
  static let releases = KeyTable("releases", ["keep"])
  static let reviewApps = KeyTable(
    "review_apps", ["enabled", "forks", "max", "size", "stale"])
  static let catalog = KeyTable("catalog", ["dyno_types", "stacks", "addons"])

  /// Every table that the reference page has to cover.
  package static let all = [
    top, app, runtime, router, registry, password, secrets, policy, rules, deletion, budget,
    capacity, space, logs, releases, reviewApps, catalog,
  ]
}
