// Questions to a caller, and their answers.

import Foundation
import NIOCore
import Testing

@testable import Server

@Suite struct CallConsoleTests {
  @Test func `an answer that comes as fast as can be is not lost`() async throws {
    let (frames, continuation) = AsyncStream.makeStream(of: DaemonFrame.self)
    let answers = Answers()
    let console = CallConsole(continuation, answers, of: Caller(user: 0, process: 0))
    let caller = Task {
      for await case .question in frames { await answers.take(.success(Data([7]))) }
    }
    for _ in 0..<2_000 {
      #expect(try await console.ask(.input(limit: 1)) == Data([7]))
    }
    continuation.finish()
    await caller.value
  }

  @Test func `nobody waits for a caller that has gone`() async throws {
    let (_, continuation) = AsyncStream.makeStream(of: DaemonFrame.self)
    let answers = Answers()
    await answers.close()
    await #expect(throws: ControlFailure.self) {
      let caller = Caller(user: 0, process: 0)
      return try await CallConsole(continuation, answers, of: caller).ask(.input(limit: 1))
    }
  }
}
