// What dynos use, as a table for people.

import FormationModel

/// Renders metrics as text.
package struct MetricsText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Now, and the zone to print times in.
  package var clock: LocalClock

  /// Makes a renderer.
  package init(style: TextStyle = .plain, clock: LocalClock) {
    self.style = style
    self.clock = clock
  }

  /// A block for each app, and a line on the machine.
  package func render(_ report: MetricsReport) -> String {
    let blocks = report.apps.map { app in
      let total = MetricsTotal(app.dynos)
      let heading = "=== \(style("\(app.app)", .strong)): \(words(total))"
      let lines = [heading] + table(app.dynos) + requests(of: app.app, report)
      return lines.joined(separator: "\n") + "\n"
    }
    return (blocks + [machine(report) + "\n"]).joined(separator: "\n")
  }

  private func requests(of app: AppName, _ report: MetricsReport) -> [String] {
    guard let all = report.requests, let requests = all.requests(of: app) else { return [] }
    return [RequestsText.words(requests, since: all.since, clock: clock)]
  }

  private func words(_ total: MetricsTotal) -> String {
    let noun = total.dynos == 1 ? "dyno runs" : "dynos run"
    guard total.dynos > 0 else { return "no dyno runs" }
    return "\(total.dynos) \(noun), \(memory(total.memory.total, of: total.quota)), "
      + "\(ShareText.percent(total.cpuShare)) of a core"
  }

  private func table(_ dynos: [DynoMetrics]) -> [String] {
    var table = TextTable()
    let titles = [
      "dyno", "memory", "rss", "cache", "swap", "cpu", "own cores", "throttled", "waits for cpu",
      "waits for memory", "processes", "restarts", "crashes", "up",
    ]
    // A column that says nothing of any dyno is left out.
    let rows = dynos.map(cells)
    let shown = titles.indices.filter { column in
      column == 0 || rows.contains { $0[column] != "-" }
    }
    table.add(shown.map { .init(titles[$0], .quiet) })
    for (dyno, row) in zip(dynos, rows) {
      table.add(shown.map { .init(row[$0], $0 == 1 ? Self.role(dyno) : nil) })
    }
    return table.lines(style)
  }

  private func cells(_ dyno: DynoMetrics) -> [String] {
    let id = dyno.instance.id
    let name = "\(id.slot.dynoName) (v\(id.release))"
    let ends = ["\(dyno.restarts)", "\(dyno.instance.crashes)"]
    guard let sample = dyno.sample else {
      return [name, "does not run"] + Array(repeating: "-", count: 9) + ends + ["-"]
    }
    return [
      name, memory(sample.memory.total, of: dyno.quota), BytesText.words(sample.memory.rss),
      BytesText.words(sample.memory.cache), BytesText.words(sample.memory.swap),
      ShareText.percent(dyno.cpuShare), sample.cores.map(cores) ?? "-",
      ShareText.percent(dyno.throttledShare),
      sample.pressure.map { ShareText.percent(of: $0.cpu.over60) } ?? "-",
      sample.pressure.map { ShareText.percent(of: $0.memory.over60) } ?? "-",
      sample.taskLimit.map { "\(sample.processes) (\(sample.tasks) of \($0))" }
        ?? "\(sample.processes)",
    ] + ends + [dyno.uptime.map(DurationText.span) ?? "-"]
  }

  private func cores(_ use: CoreUse) -> String {
    use.own.count == use.due ? "\(use.due)" : "\(use.own.count) of \(use.due)"
  }

  private func memory(_ used: Int64, of quota: Int64?) -> String {
    guard let quota, quota > 0 else { return BytesText.words(used) }
    let share = ShareText.percent(Double(used) / Double(quota))
    return "\(BytesText.words(used)) of \(BytesText.words(quota)) (\(share))"
  }

  /// Above its quota a dyno swaps, which Heroku calls R14.
  private static func role(_ dyno: DynoMetrics) -> TextStyle.Role? {
    guard let sample = dyno.sample, let quota = dyno.quota, quota > 0 else { return nil }
    if sample.memory.total > quota { return .bad }
    return sample.memory.total > quota / 10 * 9 ? .changing : nil
  }

  private func machine(_ report: MetricsReport) -> String {
    let machine = report.machine
    let load = machine.load.map { load in
      ", load "
        + load.map { DecimalText.of(thousandths: Int(($0 * 1000).rounded())) }
        .joined(separator: " ")
    }
    return "together: \(words(MetricsTotal(report.dynos))); machine: "
      + "\(machine.cores) \(machine.cores == 1 ? "core" : "cores")\(load ?? ""), "
      + "\(BytesText.words(machine.availableBytes)) of \(BytesText.words(machine.memoryBytes)) "
      + "available; measured over \(DurationText.span(report.window))"
  }
}
