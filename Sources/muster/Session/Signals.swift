// Signals as a stream.

import Dispatch
import Glibc
import Synchronization

enum Signals {
  /// Signals as they come; from now on they do nothing else.
  static func stream(_ numbers: [Int32]) -> AsyncStream<Int32> {
    AsyncStream { continuation in
      let sources = SignalSources(numbers) { continuation.yield($0) }
      continuation.onTermination = { _ in sources.cancel() }
    }
  }
}

/// Sources of signals, for as long as this value lives.
private final class SignalSources: Sendable {
  private let all: Mutex<[any DispatchSourceSignal]>

  init(_ numbers: [Int32], take: @escaping @Sendable (Int32) -> Void) {
    all = Mutex(
      numbers.map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { take(number) }
        source.activate()
        return source
      })
  }

  func cancel() {
    all.withLock { sources in
      for source in sources { source.cancel() }
      sources = []
    }
  }
}
