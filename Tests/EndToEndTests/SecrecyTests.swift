// A value that must never be seen, and every command that could show it.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct SecrecyTests {
    static let canary = Canary.text

    @Test func `a config var's value is in no output`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.writeApp("tiny", greeting: "before")
      try platform.commit()
      try platform.converge()
      try platform.writeApp("tiny", greeting: Self.canary)
      try platform.commit()
      let commands = [
        ["validate", platform.repository], ["diff", "HEAD~1", "HEAD"], ["plan"],
        ["reconcile"], ["status"], ["ps"], ["holds"], ["logs"], ["doctor"], ["plan"],
      ]
      for command in commands {
        let isReview = ["validate", "diff"].contains(command[0])
        for options in [[], isReview ? [] : ["-v"], ["--format", "json"]] {
          let answer = try MusterProgram.run(
            MusterProgram.path, command + options, platform.variables, in: platform.folder)
          #expect(answer.code != 64, "\(command + options): \(answer)")
          #expect(!answer.text.contains(Self.canary), "\(command + options)")
        }
      }
      let arrived = platform.dynos.firstProcesses.values.contains {
        OwnDynos.text("/proc/\($0)/environ")?.contains(Self.canary) == true
      }
      #expect(arrived, "the dynos have it")
      #expect(!commandLines.contains(Self.canary))
    }

    @Test func `a secret is in the dynos' environment and in nothing else`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.writeApp("tiny", worker: 1)
      try platform.write(
        """
        stack: busybox
        env: {TOKEN: {secret: token}}
        formation:
          web: {quantity: 1, size: standard-1x}
          worker: {quantity: 1, size: standard-1x, min_healthy: 1s}

        """, to: "apps/tiny/app.yaml")
      try platform.commit()
      let canary = Canary(platform)
      let set = ["secrets", "set", "tiny", "token"]
      canary.expect(try platform.muster("secrets", "set", "tiny", "token", "-v", input: canary[1]))
      try platform.converge()
      #expect(try dynosHave(canary[1], platform))
      let running = try Running(
        MusterProgram.path, set + ["--format", "json", "-v"], platform.variables,
        in: platform.folder, input: canary[2] + "\n")
      var seen = ""
      #expect(
        eventually {
          seen += commandLines + (OwnDynos.text("/proc/\(running.pid)/environ") ?? "")
          return OwnDynos.text("/proc/\(running.pid)/cmdline")?.isEmpty ?? true
        })
      canary.expect(try running.wait())
      #expect(!seen.contains(Canary.text))
      #expect(try dynosHave(canary[2], platform))
      for command in ["plan", "status", "ps", "logs", "holds", "reconcile", "secrets", "config"] {
        canary.expect(try platform.muster(command, "-v"))
        canary.expect(try platform.muster(command, "--format", "json"))
      }
      let files = canary.filesWithIt.filter { !$0.hasPrefix("state/secrets/_apps/") }
      // The runtime that starts a container reads its environment from the bundle; it is root's.
      #expect(files.allSatisfy { $0.hasSuffix("/config.json") }, "\(files)")
    }

    /// Whether every dyno's first process has a text in its environment.
    private func dynosHave(_ text: String, _ platform: PlatformFixture) throws -> Bool {
      let processes = platform.dynos.firstProcesses.values
      try #require(!processes.isEmpty)
      return processes.allSatisfy { OwnDynos.text("/proc/\($0)/environ")?.contains(text) == true }
    }

    /// The arguments of every process.
    private var commandLines: String {
      OwnDynos.names(in: "/proc").filter { Int($0) != nil }
        .compactMap { OwnDynos.text("/proc/\($0)/cmdline") }.joined(separator: "\n")
    }
  }
}
