// muster simulate: the engine against a simulated world, from a seed.

import ArgumentParser
import FormationModel
import Review
import SimulationRun

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Run the engine against a simulated world with faults, and check its promises.",
    discussion: """
      --seed shows one run step by step; --seeds runs many and names those that fail. The same \
      seed gives the same run on every machine; -q prints the last line only. --shrink leaves out \
      of a run that fails whatever it fails without, and shows what is left. Exit codes: 0 every \
      promise held; 1 one was broken.
      """)

  @Option(help: "Run this seed and print every step.")
  var seed: UInt64?

  @Option(help: "Run this many seeds, from 0 or from --from.")
  var seeds: UInt64?

  @Option(help: "The first of --seeds.")
  var from: UInt64 = 0

  @Flag(help: "Make a run that fails as small as can be, and print that.")
  var shrink = false

  @OptionGroup var options: CommonOptions

  private var quiet: Bool { options.quiet }

  func validate() throws {
    guard (seed == nil) != (seeds == nil) else {
      throw ValidationError("Say --seed N for one run, or --seeds COUNT for many.")
    }
    guard !shrink || seed != nil else { throw ValidationError("--shrink goes with --seed.") }
    guard (seeds ?? 1) >= 1, (seeds ?? 1) <= 1_000_000, from <= UInt64.max - 1_000_000 else {
      throw ValidationError("--seeds takes 1 to 1000000.")
    }
  }

  func run() throws {
    if let seed, shrink { return try runSmall(seed) }
    if let seed { try runOne(seed) } else { try runMany(seeds ?? 1) }
  }

  private func runSmall(_ seed: UInt64) throws {
    guard let result = SimulationShrinker().shrink(.random(seed: seed)) else {
      return Terminal.say("Seed \(seed): every promise held; there is nothing to shrink.")
    }
    var options = result.options
    options.keepsLog = true
    let report = Simulation.run(options)
    if !quiet {
      result.summary.forEach(Terminal.say)
      report.log.forEach(Terminal.say)
    }
    Terminal.say(
      "Seed \(seed), shrunk in \(result.runs) runs: FAILED: "
        + "\(result.failure.invariant.rawValue): \(result.failure.story).")
    try end(.no)
  }

  private func runOne(_ seed: UInt64) throws {
    let report = Simulation.run(seed: seed, keepsLog: true)
    if !quiet { report.log.forEach(Terminal.say) }
    let settled = report.timeToConverge.map {
      "converged \(DurationText.span($0)) after the faults"
    }
    Terminal.say(
      "Seed \(seed): \(report.effects) effects, \(report.faults) faults, \(report.kills) kills, "
        + "\(DurationText.span(report.virtualTime)) of virtual time; "
        + (report.failure.map { "FAILED: \($0.invariant.rawValue): \($0.story)" }
          ?? settled ?? "no end") + ".")
    if report.failure != nil { try end(.no) }
  }

  private func runMany(_ count: UInt64) throws {
    var failed: [UInt64] = []
    var effects = 0
    var faults = 0
    for seed in from..<(from + count) {
      let report = Simulation.run(seed: seed)
      effects += report.effects
      faults += report.faults
      guard let failure = report.failure else { continue }
      failed.append(seed)
      if !quiet { Terminal.say("\(failure)") }
    }
    let named = failed.prefix(20).map(String.init).joined(separator: ", ")
    let verdict = failed.isEmpty ? "every promise held" : "\(failed.count) FAILED: \(named)"
    Terminal.say(
      "\(count) seeds from \(from): \(effects) effects, \(faults) faults; \(verdict).")
    if !failed.isEmpty { try end(.no) }
  }
}
