// What dynos use, for programs.

import FormationModel

/// Renders metrics as JSON.
package enum MetricsJSON {
  /// `{"format":1,"window":…,"machine":{…},"apps":[…]}`: bytes and seconds.
  package static func document(_ report: MetricsReport) -> JSONValue {
    [
      "format": .number(1),
      "window": .seconds(report.window),
      "machine": [
        "cores": .number(report.machine.cores),
        "memory": .bytes(report.machine.memoryBytes),
        "available": .bytes(report.machine.availableBytes),
        "load": report.machine.load.map(loads) ?? .null,
        "total": total(report.dynos),
      ],
      "apps": .array(
        report.apps.map { app in
          [
            "name": .string(app.app.rawValue), "total": total(app.dynos),
            "dynos": .array(app.dynos.map(dyno)),
            "requests": report.requests.flatMap { all in
              all.requests(of: app.app).map { RequestsJSON.document($0, since: all.since) }
            } ?? .null,
          ]
        }),
    ]
  }

  private static func total(_ dynos: [DynoMetrics]) -> JSONValue {
    let total = MetricsTotal(dynos)
    return [
      "dynos": .number(total.dynos), "memory": memory(total.memory),
      "memory_quota": .bytes(total.quota),
      "cpu_share": .decimal(total.cpuShare), "processes": .number(total.processes),
    ]
  }

  private static func loads(_ loads: [Double]) -> JSONValue {
    .array(loads.map { JSONValue.decimal($0) })
  }

  private static func memory(_ use: MemoryUse) -> JSONValue {
    [
      "total": .bytes(use.total), "rss": .bytes(use.rss), "cache": .bytes(use.cache),
      "swap": .bytes(use.swap),
    ]
  }

  private static func dyno(_ dyno: DynoMetrics) -> JSONValue {
    let sample = dyno.sample
    return [
      "name": .string(dyno.instance.id.slot.dynoName),
      "release": .number(dyno.instance.id.release),
      "attempt": .number(dyno.instance.id.attempt),
      "size": .optional(dyno.instance.form?.size.rawValue),
      "running": .boolean(sample != nil),
      "memory": sample.map { memory($0.memory) } ?? .null,
      "memory_quota": dyno.quota.map { .bytes($0) } ?? .null,
      "cpu_share": .decimal(dyno.cpuShare),
      "cpu_seconds": .seconds(sample?.cpuTime),
      "cores": sample?.cores.map(cores) ?? .null,
      "throttled_share": .decimal(dyno.throttledShare),
      "throttled_seconds": .seconds(sample?.throttledTime),
      "pressure": sample?.pressure.map(pressure) ?? .null,
      "processes": .optional(sample?.processes),
      "tasks": .optional(sample?.tasks),
      "task_limit": .optional(sample?.taskLimit),
      "restarts": .number(dyno.restarts),
      "crashes": .number(dyno.instance.crashes),
      "uptime": .seconds(dyno.uptime),
    ]
  }

  private static func cores(_ use: CoreUse) -> JSONValue {
    ["own": .array(use.own.map { .number($0) }), "due": .number(use.due)]
  }

  private static func pressure(_ pressure: ResourcePressure) -> JSONValue {
    ["cpu": averages(pressure.cpu), "memory": averages(pressure.memory)]
  }

  private static func averages(_ averages: ResourcePressure.Averages) -> JSONValue {
    [
      "avg10": .decimal(averages.over10), "avg60": .decimal(averages.over60),
      "avg300": .decimal(averages.over300),
    ]
  }
}
