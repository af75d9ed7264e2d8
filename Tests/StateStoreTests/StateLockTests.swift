// One holder at a time, and the others are told who it is.

import FormationModel
import Foundation
import Glibc
import StateStore
import Testing

@Suite struct StateLockTests {
  // A property: it lives as long as the test, whatever the optimiser thinks.
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func `the second holder is told who holds it, what it does and since when`() async throws {
    let folder = try scratch.folder()
    let lock = try folder.lock(command: "muster serve", at: LoopTime(milliseconds: 0))
    let found = await failure { _ = try folder.lock(command: "muster reconcile", at: now) }
    #expect(found?.code == "state-locked")
    #expect(found?.retry == .later)
    #expect(
      found?.message
        == "\"muster serve\" (process \(getpid()), since 1970-01-01 00:00:00 UTC) is at work on "
        + scratch.state)
    lock.release()
    lock.release()
    #expect(!lock.isHeld)
    let next = try folder.lock(command: "muster reconcile", at: now)
    #expect(next.isHeld)
    #expect(try scratch.mode("state/lock") == 0o600)
  }

  @Test func `another process cannot take it, and no child inherits it`() throws {
    let lock = try scratch.folder().lock(command: "test", at: now)
    #expect(try run("flock", "-n", "\(scratch.state)/lock", "true") != 0)
    // A child that outlives the holder must not keep the lock.
    let child = try start("sleep", "60")
    defer { end(child) }
    lock.release()
    #expect(try run("flock", "-n", "\(scratch.state)/lock", "true") == 0)
  }

  @Test func `a holder that was killed holds nothing`() async throws {
    let folder = try scratch.folder()
    let holder = try start("flock", "\(scratch.state)/lock", "sleep", "60")
    defer { end(holder) }
    try await until {
      await failure { try folder.lock(command: "test", at: now).release() }?.code == "state-locked"
    }
    let found = await failure { _ = try folder.lock(command: "test", at: now) }
    #expect(found?.message.hasPrefix("another process is at work") == true)
    end(holder)
    try await until { await failure { try folder.lock(command: "test", at: now).release() } == nil }
  }

  @Test func `taking it clears what a crash left`() throws {
    let folder = try scratch.folder()
    _ = try folder.identity()
    try scratch.write("x", to: "state/.new-1")
    try #require(mkdir("\(scratch.state)/.new-2", 0o700) == 0)
    try scratch.write("x", to: "state/.new-2/key")
    _ = try folder.lock(command: "test", at: now)
    #expect(!scratch.exists("state/.new-1"))
    #expect(!scratch.exists("state/.new-2"))
  }

  private func start(_ arguments: String...) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    try process.run()
    return process
  }

  private func run(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func end(_ process: Process) {
    // flock runs its command as a child of its own, which holds the lock as well.
    let children = try? String(
      contentsOfFile:
        "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children",
      encoding: .utf8)
    for child in (children ?? "").split(separator: " ").compactMap({ Int32($0) }) {
      kill(child, SIGKILL)
    }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}

/// Waits for a condition; fails after ten seconds.
func until(_ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(10)
  while try await !condition() {
    try #require(ContinuousClock.now < deadline, "the condition never came true")
    await Task.yield()
  }
}
