// Many seeds in one process, on one core: what continuous integration runs in a release build.

import SimulationRun

let count = CommandLine.arguments.dropFirst().first.flatMap(UInt64.init) ?? 20_000
var failures: [SimulationFailure] = []
for seed in 0..<count {
  if let failure = Simulation.run(seed: seed).failure { failures.append(failure) }
}
failures.prefix(20).forEach { print($0) }
print("\(count) seeds, \(failures.count) fail")
