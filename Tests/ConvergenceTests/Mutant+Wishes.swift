// Bugs of what a manifest is taken to say.

import FormationModel

@testable import SimulationRun

extension Mutant {
  static let wishes = [
    Mutant(
      "the surge is not bounded", .workload(.manyDynos),
      .manifests { $0.rollout.maxSurgePercent = 400 }),
    Mutant(
      "a type that may never run twice is started first", .workload(.replace),
      .manifests { $0.editProcesses { $0.overlap = $0.type != .web } }),
    Mutant(
      "all old web dynos go at once", .workload(.replace),
      .manifests { $0.rollout.strategy = .recreate }),
    Mutant(
      "one dyno too many", .workload(.firstDeploy),
      .manifests { $0.editProcesses { if $0.type != .release { $0.quantity += 1 } } }),
    Mutant(
      "one dyno too few", .workload(.firstDeploy),
      .manifests { $0.editProcesses { $0.quantity = max(0, $0.quantity - 1) } }),
    Mutant(
      "sizes are not looked at", .workload(.sizeAndStrategy),
      .manifests { $0.editProcesses { $0.size = SimulatedCatalog.sizes[0] } }),
    Mutant(
      "a manifest's suspension is not looked at", .workload(.suspended),
      .manifests { $0.suspension = .none }),
    Mutant(
      "dependencies are not looked at", .workload(.dependency), .manifests { $0.dependsOn = [] }),
    Mutant(
      "dynos get no time to end", .workload(.replace),
      .manifests { $0.editProcesses { $0.stopTimeout = .zero } }),
    Mutant("domains are not looked at", .workload(.domains), .manifests { $0.domains = [] }),
    Mutant(
      "boots may take for ever", .fault(.neverReady),
      .manifests { $0.editProcesses { $0.healthcheck.bootTimeout = .seconds(86_400) } }),
  ]
}

extension DesiredApp {
  fileprivate mutating func editProcesses(_ edit: (inout DesiredProcess) -> Void) {
    for index in processes.indices { edit(&processes[index]) }
  }
}
