// Config vars. Their values appear in no message.

import FormationModel

extension AppDecoder {
  mutating func decodeConfig(_ entry: ManifestEntry?) {
    guard let entry else { return }
    guard let entries = entry.value.entries else {
      read.error(
        "wrong-type", at: entry.value.mark, "env must be a mapping of names to values",
        fix: "write one `NAME: value` a line below `env:`")
      return
    }
    for variable in entries where !variable.key.isEmpty { decodeVariable(variable) }
    app.config.sort { $0.key < $1.key }
    app.missingConfig.sort()
    checkConfigSize(at: entry.keyMark)
  }

  private mutating func decodeVariable(_ entry: ManifestEntry) {
    let field = "env.\(entry.key)"
    guard let key = ConfigKey(rawValue: entry.key) else {
      read.error(
        "invalid-config-key", at: entry.keyMark,
        "\(quoted(entry.key)) cannot name a config var",
        fix: "use letters, digits and `_`, not a digit first and not `__`")
      return
    }
    if entry.key == "PORT" || entry.key == "DYNO" {
      read.warning(
        "reserved-config-key", at: entry.keyMark,
        "\(field) is set by Muster for each dyno; the value here is not used")
    }
    switch entry.value.content {
    case .scalar where entry.value.isNull:
      read.error(
        "empty-config-value", at: entry.keyMark, "\(field) has no value",
        fix: "write `\(entry.key): \"\"` for an empty value")
    case .scalar(let scalar): setLiteral(key, scalar.text, at: entry.value.mark)
    case .list:
      read.error(
        "wrong-type", at: entry.value.mark, "\(field) is a list, but must be text",
        fix: "quote it: `\(entry.key): \"…\"`")
    case .mapping: decodeSource(key, entry, field)
    }
  }

  private mutating func setLiteral(_ key: ConfigKey, _ text: String, at mark: SourceMark) {
    if text.utf8.contains(0) {
      read.error("control-character", at: mark, "env.\(key) contains a NUL character")
      return
    }
    app.config.append(ConfigEntry(key: key, source: .literal(ConfigValue(text))))
  }

  /// A config var with more than a value: `{generator: secret}`, `{secret: NAME}`, `{value: …}`.
  private mutating func decodeSource(_ key: ConfigKey, _ entry: ManifestEntry, _ field: String) {
    guard let fields = read.fields(entry.value, field, keys: AppKeys.config) else { return }
    let given = ["value", "generator", "secret"].filter { fields[$0] != nil }
    if given.count > 1 {
      read.error(
        "contradiction", at: entry.keyMark,
        "\(field) has \(given.joined(separator: " and ")); they exclude each other",
        fix: "keep one of them")
      return
    }
    let isRequired = fields["required"].flatMap { read.boolean($0.value, "\(field).required") }
    if let value = fields["value"]?.value {
      guard let text = value.text else {
        read.error("wrong-type", at: value.mark, "\(field).value must be text")
        return
      }
      setLiteral(key, text, at: value.mark)
    } else if let generator = fields["generator"]?.value {
      if read.choice(generator, "\(field).generator", of: [Generator.secret]) != nil {
        app.config.append(ConfigEntry(key: key, source: .generated))
      }
    } else if let secret = fields["secret"]?.value {
      setSecret(key, secret, field)
    } else if isRequired ?? true {
      app.missingConfig.append(key)
      read.warning(
        "config-missing", at: entry.keyMark,
        "\(field) is required and has no value: the app is held",
        fix: "set it in app.yaml: `env: {\(key): …}`")
    }
  }

  private enum Generator: String {
    case secret
  }

  private mutating func setSecret(_ key: ConfigKey, _ value: ManifestValue, _ field: String) {
    guard let name = read.line(value, "\(field).secret") else { return }
    guard let name = SecretName(rawValue: name) else {
      read.error(
        "invalid-name", at: value.mark, "\(field).secret is not a secret's name",
        fix: "use letters, digits, `_`, `-` and `.`; the secret itself never stands here")
      return
    }
    app.config.append(ConfigEntry(key: key, source: .secret(name: name)))
  }

  private mutating func checkConfigSize(at mark: SourceMark) {
    let total = app.config.reduce(0) { sum, entry in
      guard case .literal(let value) = entry.source else { return sum }
      return sum + entry.key.rawValue.utf8.count + value.unredacted.utf8.count
    }
    if total > limits.configBytes {
      read.record(
        .error, "config-too-large", at: mark,
        "the config vars come to \(total) bytes; \(limits.configBytes) are allowed",
        fix: "put large values into files of the slug")
    }
  }
}
