// How times are taken: ours and the baseline in turns, medians, and no answer at all where the machine
// is too busy to tell.

/// Why no number is printed.
struct Refusal: Error {
  let reason: String
}

/// Times in the order they were taken.
struct Samples {
  private(set) var all: [Duration] = []

  mutating func add(_ sample: Duration) { all.append(sample) }

  /// The one in the middle.
  var median: Duration { all.sorted()[all.count / 2] }

  /// Throws when the middle half is spread too far for the median to mean anything.
  func check(_ name: String) throws {
    let sorted = all.sorted()
    let spread = sorted[all.count * 3 / 4] - sorted[all.count / 4]
    guard spread * 2 <= median else {
      throw Refusal(
        reason: "\(name): half of the rounds lie \(spread.milliseconds) apart around "
          + "\(median.milliseconds); the machine is too busy to tell")
    }
  }
}

/// Takes both times, one after the other, as many rounds as told, after one round that does not
/// count.
func alternate(
  rounds: Int, ours: () async throws -> Duration, baseline: () async throws -> Duration
) async throws -> (ours: Samples, baseline: Samples) {
  var samples = (ours: Samples(), baseline: Samples())
  for round in 0...rounds {
    let mine = try await ours()
    let other = try await baseline()
    guard round > 0 else { continue }
    samples.ours.add(mine)
    samples.baseline.add(other)
  }
  return samples
}

/// How long something takes.
func time<Result>(_ work: () async throws -> Result) async rethrows -> (Duration, Result) {
  let start = ContinuousClock.now
  let result = try await work()
  return (.now - start, result)
}
