// What dynos use, put together from an observation and two samples. Rendering is in
// MetricsText.swift and MetricsJSON.swift.

package import FormationModel

/// What one dyno uses.
package struct DynoMetrics: Sendable {
  /// The instance that was looked at.
  package let instance: ObservedInstance
  /// What it uses; nil when it does not run.
  package let sample: InstanceSample?
  /// The share of one core in the window; nil when it is not known.
  package let cpuShare: Double?
  /// The share of the window in which its quota kept it from a core; nil when it is not known.
  package let throttledShare: Double?
  /// How long it runs; nil when it does not.
  package let uptime: Duration?

  /// Memory that its dyno type grants, in bytes; nil when its record does not say.
  var quota: Int64? { instance.form?.memoryBytes }
  /// Starts of its slot after the first one: deploys, repairs and crashes.
  var restarts: Int { max(0, instance.id.attempt - 1) }
}

/// What the dynos of one app use.
package struct AppMetrics: Sendable {
  /// The app.
  package let app: AppName
  /// Its dynos, sorted: the newest instance of each slot, and every one that runs.
  package let dynos: [DynoMetrics]
}

/// Sums over dynos.
struct MetricsTotal {
  var dynos = 0
  var memory = MemoryUse()
  /// What their dyno types grant them, in bytes.
  var quota: Int64 = 0
  var cpuShare: Double?
  var processes = 0

  init(_ metrics: [DynoMetrics]) {
    for dyno in metrics {
      guard let sample = dyno.sample else { continue }
      dynos += 1
      memory = memory + sample.memory
      quota += dyno.quota ?? 0
      processes += sample.processes
      if let share = dyno.cpuShare { cpuShare = (cpuShare ?? 0) + share }
    }
  }
}

/// What the dynos of a machine use.
package struct MetricsReport: Sendable {
  /// The apps asked for, sorted by name.
  package let apps: [AppMetrics]
  /// The machine.
  package let machine: MachineCapacity
  /// How long it was looked at.
  package let window: Duration
  /// The requests that the router took; nil when nobody counts them.
  package var requests: RequestMetrics?

  /// Puts a report together: of the instances given, sorted; two samples; the time of the second.
  package init(
    _ instances: [ObservedInstance], from first: MachineSample, to second: MachineSample,
    at now: LoopTime
  ) {
    let window = SampleWindow(from: first, to: second)
    self.window = window.length
    machine = second.machine
    let byApp = Dictionary(grouping: instances) { $0.id.slot.app }
    apps = byApp.keys.compactMap { $0 }.sorted().map { app in
      let ofApp = byApp[app] ?? []
      let newest = Dictionary(grouping: ofApp, by: \.id.slot).compactMapValues {
        $0.max { $0.id < $1.id }
      }
      let shown = ofApp.filter { second.instances[$0.id] != nil || newest[$0.id.slot] == $0 }
      return AppMetrics(
        app: app,
        dynos: shown.sorted { $0.id < $1.id }.map { instance in
          let sample = second.instances[instance.id]
          return DynoMetrics(
            instance: instance, sample: sample, cpuShare: window.cpuShare(of: instance.id),
            throttledShare: window.throttledShare(of: instance.id),
            uptime: sample == nil ? nil : instance.startedAt.map { max(.zero, now - $0) })
        })
    }
  }

  var dynos: [DynoMetrics] { apps.flatMap(\.dynos) }
}
