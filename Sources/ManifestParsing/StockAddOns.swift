// Add-ons as stock Heroku files name them: retired plans and unknown services are what is lenient.

import FormationModel

/// Looks up the add-ons of Heroku's own files.
struct StockAddOns {
  /// The catalog that plans are looked up in.
  let catalog: Catalog

  /// Config vars that well-known services set; the others' begin with the service's name.
  private static let variables: [String: [String]] = [
    "mongolab": ["MONGODB_URI"], "mongohq": ["MONGOHQ_URL"], "sendgrid": ["SENDGRID_API_KEY"],
    "mailgun": [
      "MAILGUN_API_KEY", "MAILGUN_DOMAIN", "MAILGUN_SMTP_LOGIN", "MAILGUN_SMTP_PASSWORD",
    ],
    "postmark": ["POSTMARK_API_TOKEN", "POSTMARK_SMTP_SERVER"],
    "cleardb": ["CLEARDB_DATABASE_URL"], "jawsdb": ["JAWSDB_URL"],
    "jawsdb-maria": ["JAWSDB_MARIA_URL"], "rediscloud": ["REDISCLOUD_URL"],
    "redistogo": ["REDISTOGO_URL"], "openredis": ["OPENREDIS_URL"],
    "memcachier": ["MEMCACHIER_SERVERS", "MEMCACHIER_USERNAME", "MEMCACHIER_PASSWORD"],
    "memcachedcloud": [
      "MEMCACHEDCLOUD_SERVERS", "MEMCACHEDCLOUD_USERNAME", "MEMCACHEDCLOUD_PASSWORD",
    ],
    "cloudamqp": ["CLOUDAMQP_URL"], "bonsai": ["BONSAI_URL"], "searchbox": ["SEARCHBOX_URL"],
    "cloudinary": ["CLOUDINARY_URL"], "papertrail": ["PAPERTRAIL_API_TOKEN"],
    "newrelic": ["NEW_RELIC_LICENSE_KEY"], "sentry": ["SENTRY_DSN"],
    "bucketeer": [
      "BUCKETEER_BUCKET_NAME", "BUCKETEER_AWS_ACCESS_KEY_ID", "BUCKETEER_AWS_SECRET_ACCESS_KEY",
    ],
  ]

  /// One add-on in app.yaml's vocabulary; nil, with a note, when it is left out.
  func item(_ value: ManifestValue, _ read: inout FieldReader) -> ManifestValue? {
    let planValue = value.entries == nil ? value : value["plan"]
    guard let planValue, let text = planValue.text else {
      read.warning("unknown-addon", at: value.mark, "an add-on without a plan is left out")
      return nil
    }
    guard let plan = plan(text, at: planValue.mark, &read) else { return nil }
    var fields = [
      ManifestEntry("plan", at: planValue.mark, ManifestValue(text: plan, at: planValue.mark))
    ]
    for entry in value.entries ?? [] where entry.key != "plan" && !entry.value.isNull {
      if entry.key == "as", let prefix = entry.value.text {
        let upper = ManifestValue(text: prefix.uppercased(), at: entry.value.mark)
        fields.append(ManifestEntry("as", at: entry.keyMark, upper))
      } else {
        read.note("unused-key", at: entry.keyMark, "\(quoted(entry.key)) of an add-on is not used")
      }
    }
    return ManifestValue(.mapping(fields), at: value.mark)
  }

  private func plan(
    _ text: String, at mark: SourceMark, _ read: inout FieldReader
  ) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace).joined()
    let parts = words.split(separator: ":", maxSplits: 1).map { $0.lowercased() }
    if parts.first == "scheduler" {
      // The catalog has it, for what its plan costs; what it does is `jobs:`.
      read.note(
        "unknown-addon", at: mark, "the add-on scheduler is left out",
        fix: "write its jobs below `jobs:` in app.yaml")
      return nil
    }
    guard let name = parts.first, let key = CatalogName(rawValue: name),
      let service = catalog.addOns[key]
    else {
      noteUnknown(parts.first ?? text, at: mark, &read)
      return nil
    }
    guard parts.count == 2, !service.plans.contains(where: { $0.name.rawValue == parts[1] }),
      let smallest = service.plans.first
    else { return parts.joined(separator: ":") }
    read.note(
      "retired-plan", at: mark,
      "\(service.name) has no plan \(quoted(parts[1])); the smallest one is taken: \(smallest.name)"
    )
    return "\(service.name):\(smallest.name)"
  }

  private func noteUnknown(_ name: String, at mark: SourceMark, _ read: inout FieldReader) {
    let prefix = String(name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    let variables =
      Self.variables[name].map { $0.joined(separator: ", ") }
      ?? "its config vars (they begin with \(prefix)_)"
    read.warning(
      "unknown-addon", at: mark, "there is no add-on service \(quoted(name)); it is left out",
      fix: "set \(variables) by hand in `env` of app.yaml")
  }
}
