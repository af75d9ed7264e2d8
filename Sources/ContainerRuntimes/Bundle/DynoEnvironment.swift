// The environment of a dyno: config vars as they are, between the defaults that they may replace
// and the platform's own variables, which nothing replaces.

import FormationModel

/// Puts environments together.
enum DynoEnvironment {
  /// The port of every web dyno, inside its own network.
  static let webPort = 8080

  /// What `$PORT` says: only web dynos and those that ask for a TCP port have one.
  static func port(of spec: InstanceSpec) -> Int? {
    spec.id.slot.process == .web ? webPort : spec.tcpPort
  }

  /// `KEY=value` for each variable, sorted. Throws for a value that no environment can hold.
  static func variables(
    _ spec: InstanceSpec, config: [ConfigKey: ConfigValue]
  ) throws(EffectFailure) -> [String] {
    var all = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    for (key, value) in config {
      guard !value.unredacted.utf8.contains(0) else {
        throw EffectFailure(
          "bad-config", "the value of config var \(key) holds a NUL character",
          fix: "take it out: no process can be given one", retry: .withNewContent)
      }
      all[key.rawValue] = value.unredacted
    }
    all["HOME"] = DynoUser.home
    all["DYNO"] = spec.id.slot.dynoName
    all["PORT"] = port(of: spec).map(String.init)
    all["MUSTER_APP"] = spec.id.slot.app?.rawValue
    all["MUSTER_RELEASE"] = "v\(spec.id.release)"
    all["MUSTER_SLUG_COMMIT"] = spec.content.slug.revision.rawValue
    return all.map { "\($0.key)=\($0.value)" }.sorted()
  }
}
