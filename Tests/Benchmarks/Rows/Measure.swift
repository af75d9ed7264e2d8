// How times are taken: ours and the baseline in turns, medians, nothing dropped, and doubts where
// the machine was too busy to tell.

import Foundation

/// Why there is nothing to print.
struct Refusal: Error {
  let reason: String
}

/// Times in the order they were taken.
struct Samples {
  private(set) var all: [Duration] = []

  mutating func add(_ sample: Duration) { all.append(sample) }

  /// The one in the middle.
  var median: Duration { all.sorted()[all.count / 2] }

  /// Why the median means nothing: the middle half is spread too far. Nil when it means something.
  func doubt(_ name: String) -> String? {
    let sorted = all.sorted()
    let spread = sorted[all.count * 3 / 4] - sorted[all.count / 4]
    guard spread * 2 > median else { return nil }
    return "\(name): half of the rounds lie \(spread.milliseconds) apart around "
      + "\(median.milliseconds)"
  }

  /// Why a baseline says nothing: it is far from what it takes here when the machine is idle.
  func doubt(_ name: String, recorded: Duration) -> String? {
    guard median > recorded * 1.5 else { return nil }
    return "\(name) takes \(median.milliseconds); on an idle machine it took "
      + recorded.milliseconds
  }
}

/// Takes both times as many rounds as told, after one round that does not count. Each round begins
/// with the one that the round before ended with, so that neither always comes second.
func alternate(
  rounds: Int, ours: () async throws -> Duration, baseline: () async throws -> Duration
) async throws -> (ours: Samples, baseline: Samples) {
  _ = try await ours()
  _ = try await baseline()
  var samples = (ours: Samples(), baseline: Samples())
  for round in 1...rounds {
    if round.isMultiple(of: 2) { samples.baseline.add(try await baseline()) }
    samples.ours.add(try await ours())
    if !round.isMultiple(of: 2) { samples.baseline.add(try await baseline()) }
  }
  return samples
}

/// How long something takes.
func time<Result>(_ work: () async throws -> Result) async rethrows -> (Duration, Result) {
  let start = ContinuousClock.now
  let result = try await work()
  return (.now - start, result)
}

/// The machine that is measured on.
enum Machine {
  /// Above this load, averaged over a minute, others take the time that is measured.
  static let loadMaximum = 0.7

  /// Why this machine cannot be measured on at this moment; nil when it can.
  static var doubt: String? {
    guard let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8),
      let load = text.split(separator: " ").first.flatMap({ Double($0) })
    else { return nil }
    guard load > loadMaximum else { return nil }
    return "the load of the last minute is \(load); above \(loadMaximum) nobody can tell"
  }
}
