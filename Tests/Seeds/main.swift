// Many seeds in one process, on one core: what continuous integration runs in a release build.
// Prints how often each kind of fault happened in each kind of history; fails when a promise is
// broken, and, with as many seeds as that takes, when a kind of fault is not met often enough.

import Glibc
import SimulationRun

/// With fewer seeds than that nobody can expect every fault in every history.
let enoughSeeds: UInt64 = 20_000
let (leastHits, leastEvents) = (20, 1_000)

let words = CommandLine.arguments.dropFirst()
guard let count = words.isEmpty ? enoughSeeds : words.first.flatMap(UInt64.init), count > 0 else {
  print("usage: muster-seeds [COUNT]")
  exit(64)
}

var failures: [SimulationFailure] = []
var events: [Int] = []
var hits: [History: [Fault: Int]] = [:]
let clock = ContinuousClock()
let began = clock.now
for seed in 0..<count {
  let report = Simulation.run(seed: seed)
  if let failure = report.failure { failures.append(failure) }
  events.append(report.occurrences)
  hits[report.history, default: [:]].merge(report.strikes, uniquingKeysWith: +)
}
events.sort()
let median = events[events.count / 2]

func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

print("Faults by kind of history:")
for (index, history) in History.allCases.enumerated() { print("  \(index + 1)  \(history)") }
let columns = History.allCases.indices.map { padded("\($0 + 1)", 7) }.joined()
print(padded("", 24) + columns)
var least = Int.max
for fault in Fault.allCases {
  let counts = History.allCases.map { hits[$0]?[fault] ?? 0 }
  least = min(least, counts.min() ?? 0)
  print(padded("\(fault)", 24) + counts.map { padded("\($0)", 7) }.joined())
}
failures.prefix(20).forEach { print($0) }
print(
  "\(count) seeds in \((clock.now - began).components.seconds) s, "
    + "\(failures.count) break a promise; at least \(median) events in half of them; "
    + "every fault at least \(least) times in every history.")
let isEnough = count < enoughSeeds || (least >= leastHits && median >= leastEvents)
if !isEnough { print("Too few: \(leastEvents) events and \(leastHits) times are wanted.") }
exit(failures.isEmpty && isEnough ? 0 : 1)
