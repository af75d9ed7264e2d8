// The sections of platform.yaml that have no effect yet. They are validated in full, so that a file
// which is right today stays right.

import FormationModel

extension PlatformReader {
  mutating func decodeSections(_ fields: Fields) {
    if let entry = fields["router"] { decodeRouter(entry) }
    if let entry = fields["registries"] { decodeRegistries(entry) }
    if let entry = fields["secrets"] { decodeSecrets(entry) }
    if let entry = fields["owners"] { decodeOwners(entry) }
    if let entry = fields["policies"] { decodePolicies(entry) }
    if let entry = fields["capacity"] { decodeCapacity(entry) }
    if let entry = fields["spaces"] { decodeSpaces(entry) }
    if let entry = fields["review_apps"] { decodeReviewApps(entry) }
  }

  private mutating func decodeRouter(_ entry: ManifestEntry) {
    guard let fields = result.read.fields(entry.value, "router", keys: PlatformKeys.router)
    else { return }
    var router = PlatformRouter()
    if let domain = fields["domain"], let text = result.read.line(domain.value, "router.domain") {
      router.domain = text
      let problem = DomainName.problem(in: text)
      if problem != nil || text.hasPrefix("*") {
        result.read.error(
          "invalid-domain", at: domain.value.mark,
          "router.domain \(quoted(text)) \(problem?.message ?? "has a wildcard")",
          fix: problem?.fix ?? "write the domain alone; each app gets a name below it")
      }
    }
    if let port = fields["http"] {
      router.http = result.read.integer(port.value, "router.http", in: 1...65_535)
    }
    if let port = fields["https"] {
      router.https = result.read.integer(port.value, "router.https", in: 1...65_535)
    }
    if let redirect = fields["redirect"] {
      router.redirects = result.read.boolean(redirect.value, "router.redirect")
    }
    if let folder = fields["certificates"] {
      router.certificates = certificates(folder.value)
    }
    if router.http != nil, router.http == router.https, let port = fields["https"] {
      result.read.error(
        "contradiction", at: port.value.mark, "router.http and router.https are one port",
        fix: "give one of them another")
    }
    result.platform.router = router
  }

  /// A commit names no place on the machine but one that is Muster's own.
  private mutating func certificates(_ value: ManifestValue) -> String? {
    guard let text = result.read.line(value, "router.certificates") else { return nil }
    let parts = text.split(separator: "/")
    if !text.hasPrefix("/"), !parts.isEmpty, !parts.contains(where: { $0.hasPrefix(".") }) {
      return parts.joined(separator: "/")
    }
    result.read.error(
      "invalid-path", at: value.mark,
      "router.certificates \(quoted(text)) is not a folder in the state directory",
      fix: "write `tls` and put the certificates into the state directory's tls folder")
    return nil
  }

  private mutating func decodeRegistries(_ entry: ManifestEntry) {
    for host in result.read.entries(entry.value, "registries") ?? [] {
      let field = "registries.\(host.key)"
      guard let fields = result.read.fields(host.value, field, keys: PlatformKeys.registry)
      else { continue }
      if let user = fields["username"] { _ = result.read.line(user.value, "\(field).username") }
      guard let password = fields["password"] else { continue }
      guard password.value.entries != nil else {
        result.read.error(
          "secret-in-git", at: password.keyMark, "\(field).password stands in git in clear",
          fix: "write `password: {secret: NAME}` and change the password")
        continue
      }
      if let secret = result.read.fields(
        password.value, "\(field).password", keys: PlatformKeys.password)?["secret"]
      {
        _ = result.read.line(secret.value, "\(field).password.secret")
      }
    }
    warnOfMissing("images", "registries", entry.keyMark)
  }

  private mutating func decodeSecrets(_ entry: ManifestEntry) {
    guard let fields = result.read.fields(entry.value, "secrets", keys: PlatformKeys.secrets)
    else { return }
    if let recipients = fields["recipients"] {
      for (text, mark) in result.read.texts(recipients.value, "secrets.recipients")
      where !text.hasPrefix("age1") && !text.hasPrefix("ssh-") {
        result.read.error(
          "invalid-recipient", at: mark, "a recipient is an age or ssh public key",
          fix: "write the public key that starts with `age1`")
      }
    }
    warnOfMissing("secret store", "secrets", entry.keyMark)
  }

  private mutating func decodeOwners(_ entry: ManifestEntry) {
    for pattern in result.read.entries(entry.value, "owners") ?? [] {
      _ = result.read.texts(pattern.value, "owners.\(pattern.key)")
    }
    warnOfMissing("owners", "owners", entry.keyMark)
  }

  private enum PolicyLevel: String, CaseIterable {
    case deny, warn, off
  }

  private mutating func decodePolicies(_ entry: ManifestEntry) {
    for policy in result.read.entries(entry.value, "policies") ?? [] {
      let field = "policies.\(policy.key)"
      if CatalogName(rawValue: policy.key) == nil {
        result.read.error(
          "invalid-name", at: policy.keyMark, "\(quoted(policy.key)) cannot name a policy",
          fix: "use lower-case letters, digits and `-`")
      }
      guard let fields = result.read.fields(policy.value, field, keys: PlatformKeys.policy)
      else { continue }
      if let level = fields["level"] {
        _ = result.read.choice(level.value, "\(field).level", of: PolicyLevel.allCases)
      }
      if policy.key == "max-size", let value = fields["value"] {
        _ = size(value.value, "\(field).value")
      }
    }
    warnOfMissing("policies", "policies", entry.keyMark)
  }

  private mutating func decodeCapacity(_ entry: ManifestEntry) {
    guard let fields = result.read.fields(entry.value, "capacity", keys: PlatformKeys.capacity)
    else { return }
    if let memory = fields["memory"] {
      // More than there is: whoever knows that dynos never use all that they are promised.
      result.platform.capacityPercent = result.read.percent(
        memory.value, "capacity.memory", in: 1...999)
    }
  }

  private mutating func decodeSpaces(_ entry: ManifestEntry) {
    for space in result.read.entries(entry.value, "spaces") ?? [] {
      let field = "spaces.\(space.key)"
      if CatalogName(rawValue: space.key) == nil {
        result.read.error(
          "invalid-name", at: space.keyMark, "\(quoted(space.key)) cannot name a space",
          fix: "use lower-case letters, digits and `-`")
      }
      result.spaces.insert(space.key)
      guard !space.value.isNull,
        let fields = result.read.fields(space.value, field, keys: PlatformKeys.space),
        let trusted = fields["trusted"]
      else { continue }
      for (text, mark) in result.read.texts(trusted.value, "\(field).trusted")
      where !AddressRange.isValid(text) {
        result.read.error(
          "invalid-address", at: mark, "\(quoted(text)) is not an address range",
          fix: "write `203.0.113.0/24`")
      }
    }
    warnOfMissing("spaces", "spaces", entry.keyMark)
  }

  private mutating func decodeReviewApps(_ entry: ManifestEntry) {
    guard
      let fields = result.read.fields(entry.value, "review_apps", keys: PlatformKeys.reviewApps)
    else { return }
    for key in ["enabled", "forks"] {
      if let flag = fields[key] { _ = result.read.boolean(flag.value, "review_apps.\(key)") }
    }
    if let most = fields["max"] {
      _ = result.read.integer(most.value, "review_apps.max", in: 0...100)
    }
    if let size = fields["size"] { _ = self.size(size.value, "review_apps.size") }
    if let stale = fields["stale"] {
      _ = result.read.duration(
        stale.value, "review_apps.stale", in: .seconds(3600)...(.seconds(365 * 86_400)))
    }
    warnOfMissing("review apps", "review_apps", entry.keyMark)
  }
}
