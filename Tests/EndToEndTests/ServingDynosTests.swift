// Real dynos while `serve` runs: killed ones are replaced at once, and those that run outlive it.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct ServingDynosTests {
    private func platform() throws -> PlatformFixture {
      let platform = try PlatformFixture()
      try platform.writeApp("tiny")
      try platform.commit()
      return platform
    }

    @Test func `a dyno whose process is killed is replaced at once`() throws {
      let platform = try platform()
      defer { platform.tearDown() }
      let daemon = try platform.serve()
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      let worker = try #require(platform.dynos.firstProcesses["tiny.worker.1.v1.1"])
      let web = try #require(platform.dynos.firstProcesses["tiny.web.1.v1.1"])
      let killed = Date()
      kill(worker, SIGKILL)
      #expect(
        eventually(within: 60) { daemon.log.contains("subject=tiny.worker.1.v1.2") },
        "\(daemon.log)")
      let began = try daemon.began("start", of: "tiny.worker.1.v1.2").timeIntervalSince(killed)
      print("kill to the start of the replacement: \(Int(began * 1000)) ms")
      try platform.wait(for: "healthy")
      #expect(
        platform.dynos.firstProcesses["tiny.web.1.v1.1"] == web, "the other one is left alone")
    }

    @Test func `dynos outlive the daemon, and the next one takes them over`() throws {
      let platform = try platform()
      defer { platform.tearDown() }
      for signal in [SIGTERM, SIGKILL] {
        let daemon = try platform.serve()
        defer { daemon.tearDown() }
        try platform.wait(for: "converged")
        let before = platform.dynos.firstProcesses
        #expect(before.count == 2)
        let ended = try daemon.end(by: signal)
        #expect(signal == SIGKILL ? ended.signal == SIGKILL : ended.code == 0, "\(ended)")
        #expect(platform.dynos.firstProcesses == before)
        let next = try platform.serve()
        defer { next.tearDown() }
        try platform.wait(for: "converged")
        #expect(platform.dynos.firstProcesses == before)
        #expect(try next.end().code == 0)
      }
    }
  }
}
