// Signals as a stream.

import Dispatch
import Glibc

enum Signals {
  /// Signals as they come; from now on they do nothing else.
  static func stream(_ numbers: [Int32]) -> AsyncStream<Int32> {
    AsyncStream { continuation in
      let sources = numbers.map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { continuation.yield(number) }
        source.activate()
        return source
      }
      nonisolated(unsafe) let kept = sources
      continuation.onTermination = { _ in for source in kept { source.cancel() } }
    }
  }
}
