// What the loop does without its store: it changes nothing, and it plans on nothing of which it
// does not know whether it is written.

import FormationModel
import Planning

extension LoopCore {
  /// What runs goes on, and it tries again later. Whether the write has happened nobody knows, so
  /// memory is read anew first: a release number that is taken must not be given to other content.
  mutating func storeFailed(_ failure: EffectFailure, _ now: LoopTime) -> [LoopEffect] {
    // Whatever it is, it cannot be mended by other content: it is tried again.
    let failure =
      failure.retry == .withNewContent
      ? EffectFailure(
        failure.code, failure.message, fix: failure.fix, retry: .whenMachineIsMended) : failure
    setbacks.failed(.memory, failure, now, seed: options.seed)
    stage = .idle
    writing = []
    let unwritten = recording
    recording = []
    if options.runsOnce {
      isFinished = true
      return unwritten.map { .answer($0, .failed(failure)) } + [.finish(.failed)]
    }
    // What people said is said again until it is written; then they are answered.
    orders = unwritten + orders
    isMemoryInDoubt = true
    isPassDue = true
    return [.wake(at: retryTime(now))]
  }

  /// Reads memory once the store is due for another try; events before that change nothing.
  mutating func readMemory(_ now: LoopTime) -> [LoopEffect] {
    let due = retryTime(now)
    guard due <= now else { return [.wake(at: due)] }
    stage = .readingMemory
    return [.readMemory]
  }

  /// The store's own word is what counts from here on.
  mutating func memoryRead(_ memory: Memory, _ now: LoopTime) -> [LoopEffect] {
    guard stage == .readingMemory else { return [] }
    self.memory = memory
    isMemoryInDoubt = false
    stage = .idle
    isPassDue = true
    return pass(now)
  }

  private func retryTime(_ now: LoopTime) -> LoopTime {
    setbacks[.memory]?.until ?? now
  }
}
