// The config vars of a release: fingerprints in place of values, versions in place of secrets.

import Effects
import FormationModel

/// An app's config vars, looked up.
struct ResolvedConfig {
  private(set) var entries: [ReleaseConfigEntry] = []
  /// Secrets that there are not, in the order of the config vars.
  private(set) var problems: [SecretProblem] = []
  private var bytes = 0

  /// Looks up every config var; without a lookup, secrets are taken by their names.
  init(_ app: DesiredApp, _ lookup: SecretLookup?, _ digests: any Digesting) {
    for entry in app.config {
      bytes += entry.key.rawValue.utf8.count + (lookup?.bytes(entry, of: app.name) ?? 0)
      switch (entry.source, lookup?.find(entry, of: app.name)) {
      case (.literal(let value), _):
        bytes += value.unredacted.utf8.count
        add(entry, digests.fingerprint(value))
      case (_, .version(let version, let fingerprint)?): add(entry, fingerprint, version)
      case (.generated, .missing(.damaged)?):
        problems.append(SecretProblem(entry.key, nil, .damaged))
      // Not made yet: it is going to be version 1.
      case (.generated, _): add(entry, "generated")
      case (.secret(let name), .missing(let kind)?):
        problems.append(SecretProblem(entry.key, name, kind))
      case (.secret(let name), nil): add(entry, "secret \(name)")
      }
    }
  }

  /// Why there are too many bytes; nil when there are not. Heroku: 64 kB.
  var sizeProblem: String? {
    let limit = Limits().configBytes
    guard bytes > limit, entries.contains(where: \.source.isSecret) else { return nil }
    return "its config vars come to \(bytes) bytes with their secrets; \(limit) are allowed"
  }

  private mutating func add(
    _ entry: ConfigEntry, _ fingerprint: String, _ version: SecretVersion? = nil
  ) {
    entries.append(
      ReleaseConfigEntry(
        key: entry.key, source: entry.source, fingerprint: fingerprint, secret: version))
  }
}
