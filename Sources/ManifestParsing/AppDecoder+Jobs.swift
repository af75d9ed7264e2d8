// Scheduled jobs. Validated in full; running them is for a later version.

import FormationModel

extension AppDecoder {
  private enum JobOverlap: String, CaseIterable {
    case skip, allow
  }

  mutating func decodeJobs(_ entry: ManifestEntry?) {
    guard let entry, let jobs = read.entries(entry.value, "jobs") else { return }
    for job in jobs where !job.value.isNull { decodeJob(job) }
  }

  private mutating func decodeJob(_ entry: ManifestEntry) {
    let field = "jobs.\(entry.key)"
    if CatalogName(rawValue: entry.key) == nil || entry.key.contains(".") {
      read.error(
        "invalid-name", at: entry.keyMark, "\(quoted(entry.key)) cannot name a job",
        fix: "use lower-case letters, digits and `-`")
    }
    guard let fields = read.fields(entry.value, field, keys: AppKeys.job) else { return }
    if let run = fields["run"] {
      _ = read.line(run.value, "\(field).run")
    } else {
      read.error(
        "missing-key", at: entry.keyMark, "\(field) needs `run`", fix: "add `run: COMMAND`")
    }
    decodeTimes(fields, entry, field)
    if let size = fields["size"] { _ = self.size(size.value, "\(field).size") }
    if let timeout = fields["timeout"] {
      _ = read.duration(timeout.value, "\(field).timeout", in: .seconds(1)...(.seconds(86_400)))
    }
    if let overlap = fields["overlap"] {
      _ = read.choice(overlap.value, "\(field).overlap", of: JobOverlap.allCases)
    }
    holdForMissing("scheduled jobs", field: field, at: entry.keyMark)
  }

  private mutating func decodeTimes(
    _ fields: Fields, _ entry: ManifestEntry, _ field: String
  ) {
    if let cron = fields["cron"], let text = read.line(cron.value, "\(field).cron"),
      let problem = CronExpression.problem(in: text)
    {
      read.error("invalid-cron", at: cron.value.mark, "\(field).cron: \(problem)")
    }
    if let every = fields["every"] { decodeEvery(every, field) }
    if let at = fields["at"] { decodeTimeOfDay(at, field, hasEvery: fields["every"] != nil) }
    if let zone = fields["zone"] { self.zone(zone.value, "\(field).zone") }
    if (fields["cron"] == nil) == (fields["every"] == nil) {
      read.error(
        "contradiction", at: entry.keyMark, "\(field) needs either `cron` or `every`",
        fix: "write `cron: \"30 3 * * *\"` or `every: hourly`")
    }
  }

  private mutating func decodeEvery(_ entry: ManifestEntry, _ field: String) {
    guard let text = read.line(entry.value, "\(field).every") else { return }
    if ["hourly", "daily"].contains(text) { return }
    guard let period = Quantity.duration(text), period >= .seconds(60) else {
      read.error(
        "invalid-time", at: entry.value.mark,
        "\(field).every is \(quoted(text)), but must be hourly, daily or a duration of 1m or more",
        fix: "write `every: 10m`, `every: hourly` or `every: daily`")
      return
    }
  }

  private mutating func decodeTimeOfDay(_ entry: ManifestEntry, _ field: String, hasEvery: Bool) {
    guard let text = read.line(entry.value, "\(field).at") else { return }
    if !WeekSpan.isClock(text) {
      read.error(
        "invalid-time", at: entry.value.mark, "\(field).at is \(quoted(text)), not a time of day",
        fix: "write it in quotes: `at: \"03:30\"`")
    }
    if !hasEvery {
      read.error(
        "contradiction", at: entry.keyMark, "\(field).at goes with `every: daily`",
        fix: "write `every: daily` beside it")
    }
  }
}
