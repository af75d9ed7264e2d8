// The output of this runtime's dynos, as the seam hands it out.

import ChildProcesses
package import Effects
package import FormationModel

extension EmbeddedRuntime {
  private var logReader: LogReader {
    let places = places
    return LogReader(folder: logs) { id in
      // Nothing comes after a one-off dyno: what it wrote stays its own.
      id.slot.process == .run || Files.exists(InstanceFolder(id, in: places).path)
    }
  }

  /// Lines that are kept.
  package func logs(_ query: LogQuery) async throws(EffectFailure) -> [LogLine] {
    let reader = logReader
    let result = await reads.run {
      Result { () throws(EffectFailure) in try reader.read(query).lines }
    }
    return try result.get()
  }

  /// Lines that are kept, and then new ones.
  package func follow(_ query: LogQuery) -> AsyncThrowingStream<[LogLine], any Error> {
    let tail = LogTail(logReader, query, lanes: reads)
    return AsyncThrowingStream(unfolding: { try await tail.next() })
  }
}
