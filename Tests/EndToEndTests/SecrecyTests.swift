// A value that must never be seen, and every command that could show it.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct SecrecyTests {
    static let canary = "canary-5up3r-53cr3t"

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

    /// The arguments of every process.
    private var commandLines: String {
      OwnDynos.names(in: "/proc").filter { Int($0) != nil }
        .compactMap { OwnDynos.text("/proc/\($0)/cmdline") }.joined(separator: "\n")
    }
  }
}
