// The settings of one process type: quantity in its three forms, health, stopping, ports.

import FormationModel

extension AppDecoder {
  private static let hour = Duration.seconds(3600)

  mutating func decodeQuantity(_ entry: ManifestEntry, _ field: String, _ type: ProcessType) {
    let path = "\(field).quantity"
    guard entry.value.entries != nil else {
      namedQuantities[type] =
        read.integer(entry.value, path, in: 0...limits.dynosPerApp) ?? namedQuantities[type]
      return
    }
    guard let fields = read.fields(entry.value, path, keys: AppKeys.autoscaling) else { return }
    let range = 0...limits.dynosPerApp
    let least = fields["min"].flatMap { read.integer($0.value, "\(path).min", in: range) }
    let most = fields["max"].flatMap { read.integer($0.value, "\(path).max", in: range) }
    if let p95 = fields["p95"] {
      _ = read.duration(p95.value, "\(path).p95", in: .milliseconds(1)...(.seconds(60)))
    }
    for key in ["min", "max"] where fields[key] == nil {
      read.error(
        "missing-key", at: entry.keyMark, "\(path) needs `\(key)`",
        fix: "write `quantity: {min: 1, max: 4, p95: 500ms}`")
    }
    if let least, let most, least > most {
      read.error(
        "out-of-range", at: entry.value.mark, "\(path): min \(least) is more than max \(most)")
    }
    namedQuantities[type] = least ?? 0
    autoscaled[type] = entry.keyMark
    holdForMissing("autoscaling", field: path, at: entry.keyMark)
  }

  mutating func decodeSettings(
    _ fields: Fields, _ field: String, _ process: inout DesiredProcess
  ) {
    let isWeb = process.type == .web
    if let entry = fields["min_healthy"] {
      process.minHealthy =
        read.duration(entry.value, "\(field).min_healthy", in: .zero...Self.hour)
        ?? process.minHealthy
    }
    if let entry = fields["stop_timeout"] {
      process.stopTimeout =
        read.duration(entry.value, "\(field).stop_timeout", in: .zero...Self.hour)
        ?? process.stopTimeout
    }
    if let entry = fields["overlap"] {
      process.overlap = read.boolean(entry.value, "\(field).overlap") ?? false
      if isWeb {
        read.error(
          "not-for-web", at: entry.keyMark, "\(field).overlap is for types other than web",
          fix: "write `rollout: {strategy: preboot}` (or `recreate`) instead")
      }
    }
    if let entry = fields["tcp"] {
      process.tcpPort = read.integer(entry.value, "\(field).tcp", in: 1...65_535)
      if isWeb {
        read.error(
          "not-for-web", at: entry.keyMark, "web gets its HTTP port in $PORT and no other one",
          fix: "take `tcp` out, or move it to another process type")
      }
    }
    if let entry = fields["healthcheck"] { decodeHealthcheck(entry, field, &process) }
    if let entry = fields["schedule"] { decodeSchedule(entry, field) }
  }

  private mutating func decodeHealthcheck(
    _ entry: ManifestEntry, _ field: String, _ process: inout DesiredProcess
  ) {
    let path = "\(field).healthcheck"
    guard let fields = read.fields(entry.value, path, keys: AppKeys.healthcheck) else { return }
    var check = process.healthcheck
    func setting(_ key: String, _ range: ClosedRange<Duration>) -> Duration? {
      fields[key].flatMap { read.duration($0.value, "\(path).\(key)", in: range) }
    }
    check.interval = setting("interval", .milliseconds(100)...Self.hour) ?? check.interval
    check.timeout = setting("timeout", .milliseconds(100)...(.seconds(60))) ?? check.timeout
    check.bootTimeout = setting("boot_timeout", .seconds(1)...Self.hour) ?? check.bootTimeout
    if let restart = fields["restart_after"] {
      check.restartAfter = setting("restart_after", .seconds(1)...(.seconds(86_400)))
      if process.type != .web {
        read.error(
          "only-for-web", at: restart.keyMark,
          "\(path).restart_after is for web: nothing else is checked once it is up",
          fix: "take it out")
      }
    }
    if let run = fields["run"] {
      _ = read.line(run.value, "\(path).run")
      holdForMissing("checks by command", field: "\(path).run", at: run.keyMark)
    }
    if let http = fields["path"] {
      check.path = httpPath(http, "\(path).path", type: process.type)
    }
    process.healthcheck = check
  }

  private mutating func httpPath(
    _ entry: ManifestEntry, _ field: String, type: ProcessType
  ) -> String? {
    guard let path = read.line(entry.value, field) else { return nil }
    if type != .web {
      read.error(
        "only-for-web", at: entry.keyMark, "\(field) is for web: `\(type)` answers no HTTP",
        fix: "use `run: COMMAND` or take it out")
      return nil
    }
    guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      read.error(
        "wrong-type", at: entry.value.mark,
        "\(field) is \(quoted(path)), but must be a path that starts with `/`",
        fix: path.hasPrefix("/") ? "encode blanks and letters beyond ASCII as %XX" : nil)
      return nil
    }
    return path
  }

  private mutating func decodeSchedule(_ entry: ManifestEntry, _ field: String) {
    let path = "\(field).schedule"
    guard let items = read.list(entry.value, path) else { return }
    for (index, item) in items.enumerated() {
      guard let fields = read.fields(item, path, keys: AppKeys.schedule) else { continue }
      if let quantity = fields["quantity"] {
        _ = read.integer(quantity.value, "\(path).quantity", in: 0...limits.dynosPerApp)
      } else {
        read.error("missing-key", at: item.mark, "an entry of \(path) needs `quantity`")
      }
      if let when = fields["when"] {
        timeSpan(when.value, "\(path).when")
      } else if index + 1 < items.count {
        read.error(
          "unreachable", at: item.mark,
          "an entry of \(path) without `when` holds always, so those after it never do",
          fix: "move it to the end")
      }
      if let zone = fields["zone"] { self.zone(zone.value, "\(path).zone") }
    }
    holdForMissing("schedules", field: path, at: entry.keyMark)
  }

  /// Reads a span of the week; nil when it is none.
  @discardableResult
  mutating func timeSpan(_ value: ManifestValue, _ field: String) -> [WeekStretch]? {
    guard let text = read.line(value, field) else { return nil }
    if let stretches = WeekSpan.stretches(text) { return stretches }
    read.error(
      "invalid-time", at: value.mark, "\(field) is \(quoted(text)), which is not a time of week",
      fix: "write `Mon-Fri 08:00-20:00`, `Sat 10:00-12:00` or `Fri 16:00 - Mon 07:00`")
    return nil
  }

  /// Reads the name of a time zone; nil when there is no such zone.
  @discardableResult
  mutating func zone(_ value: ManifestValue, _ field: String) -> String? {
    guard let text = read.line(value, field) else { return nil }
    if ZoneName.isValid(text) { return text }
    let likely = ZoneName.likely(text)
    read.error(
      "invalid-zone", at: value.mark, "\(field) is \(quoted(text)), which is not a time zone",
      fix: likely.map { "write `\($0)`" } ?? "write `Europe/Berlin` or `UTC`")
    return nil
  }
}
