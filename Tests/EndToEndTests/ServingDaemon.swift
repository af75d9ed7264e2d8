// `muster serve` on a test's platform: started, asked what it logged, ended by a signal.

import Foundation
import Testing

/// A daemon at work.
final class ServingDaemon {
  private let running: Running

  /// Its process.
  var pid: Int32 { running.pid }
  var isRunning: Bool { running.isRunning }
  /// Its log so far.
  var log: String { running.errors }

  /// Starts it and waits until it serves. It looks at the repository by itself only when `poll` is
  /// short.
  init(
    _ platform: PlatformFixture, poll: String = "1h", _ options: [String] = [],
    with variables: [String: String] = [:]
  ) throws {
    running = try Running(
      MusterProgram.path, ["serve", "--poll", poll] + options,
      platform.variables.merging(variables) { _, new in new }, in: platform.folder)
    do {
      try #require(said("serving"), "\(log)")
    } catch {
      kill(pid, SIGKILL)
      throw error
    }
  }

  /// Whether its log comes to hold the words.
  func said(_ words: String, within seconds: Double = 60) -> Bool {
    _ = eventually(within: seconds) { log.contains(words) || !isRunning }
    return log.contains(words)
  }

  /// How often its log holds the words.
  func count(_ words: String) -> Int { log.components(separatedBy: words).count - 1 }

  /// Ends it by a signal; what it came to.
  @discardableResult
  func end(by signal: Int32 = SIGTERM) throws -> MusterProgram.Answer {
    kill(pid, signal)
    return try running.wait(limit: 60)
  }

  /// Ends it, whatever the test came to, unless it has ended.
  func tearDown() { if isRunning { _ = try? end(by: SIGKILL) } }
}

extension PlatformFixture {
  /// Starts a daemon.
  func serve(
    poll: String = "1h", _ options: String..., with variables: [String: String] = [:]
  ) throws -> ServingDaemon {
    try ServingDaemon(self, poll: poll, options, with: variables)
  }

  /// Waits for a condition as people do, and expects it to come.
  func wait(
    for condition: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let answer = try muster("wait", "--for", condition, "--timeout", "60s")
    try #require(answer.code == 0, "\(answer)", sourceLocation: location)
  }
}
