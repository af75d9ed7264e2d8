// Notes when a dyno holds more memory than its dyno type has, in Heroku's words (R14). It may: only
// at its type's ceiling is it killed (R15). Where the kernel cannot swap, nothing slows the dyno
// before that, so this line is all the warning there is.

import Effects
import FormationModel

/// Compares what dynos hold with what they are promised.
struct MemoryWatch {
  /// Between two looks.
  static let interval = Duration.seconds(20)
  /// While a dyno stays over its memory it is told again after this long: often enough to be found,
  /// and not so often that history holds nothing else.
  static let reminder = Duration.seconds(3600)

  /// When it was told of a dyno last. Kept while it is below its memory, too: one that goes up and
  /// down is told once an hour all the same.
  private var told: [InstanceID: LoopTime] = [:]

  /// What is to be told of a sample. `dynos` are those that are known, with what they were started
  /// with.
  mutating func events(
    _ sample: MachineSample, of dynos: [ObservedInstance], at now: LoopTime, revision: RevisionID?
  ) -> [StoredEvent] {
    var events: [StoredEvent] = []
    told = told.filter { sample.instances[$0.key] != nil }
    for dyno in dynos {
      guard let memory = sample.instances[dyno.id]?.memory, let quota = dyno.form?.memoryBytes,
        quota > 0, memory.held > quota
      else { continue }
      // A clock that went back must not make it silent.
      if let before = told[dyno.id], before <= now, now < before + Self.reminder { continue }
      told[dyno.id] = now
      let lines = [
        "Process running mem=\(Self.words(memory.held, of: quota))",
        "Error R14 (Memory quota exceeded)",
      ]
      events += lines.map { line in
        StoredEvent(
          at: now, app: dyno.id.slot.app, subject: dyno.id.slot.dynoName,
          reason: "DynoOverMemory", message: line, revision: revision)
      }
    }
    return events
  }

  /// `600M(117.1%)`, as Heroku writes it.
  private static func words(_ bytes: Int64, of quota: Int64) -> String {
    let tenths = Int64((Double(bytes) / Double(quota) * 1000).rounded(.down))
    return "\(bytes >> 20)M(\(tenths / 10).\(tenths % 10)%)"
  }
}
