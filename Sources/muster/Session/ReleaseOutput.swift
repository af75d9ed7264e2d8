// What the command of a release wrote, as far as it is kept.

import Effects
import FormationModel

enum ReleaseOutput {
  /// Its lines, oldest first; none when nothing is kept, or nothing was written.
  static func lines(
    of release: Int, _ app: AppName, in runtime: any ContainerRuntime
  ) async throws(EffectFailure) -> [LogLine] {
    var lines: [LogLine] = []
    for previous in [true, false] {
      var query = LogQuery(app: app, process: .release, ordinal: 1, count: .max)
      query.previous = previous
      lines += try await runtime.logs(query)
    }
    return lines.filter { $0.instance.kind == .release && $0.instance.release == release }
  }
}
