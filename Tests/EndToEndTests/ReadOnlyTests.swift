// Commands that only look: without root, without opening anything for writing, and always with the
// same words.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"))
struct ReadOnlyTests {
  /// A simulated platform with two commits, readable by everybody.
  private func platform() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.writeApp("tiny")
    try platform.commit()
    try platform.writeApp("tiny", greeting: "again")
    try platform.writeApp("other")
    try platform.commit()
    return platform
  }

  private static let commands = [["validate"], ["diff", "HEAD~1", "HEAD"], ["plan"]]
  private static let strace = "/usr/bin/strace"

  @Test(
    .enabled(if: geteuid() == 0, "only root can become nobody"),
    .enabled(if: access(strace, X_OK) == 0, "strace is not installed"), arguments: commands)
  func `looking opens nothing for writing`(_ command: [String]) throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let trace = platform.folder + "/trace"
    try Data().write(to: URL(fileURLWithPath: trace))
    try #require(chown(trace, 65534, 65534) == 0)
    let before = try listing(platform)
    let words =
      ["--reuid=65534", "--regid=65534", "--clear-groups", Self.strace, "-f", "-qq", "-o", trace]
      + ["-e", "trace=%file,ftruncate,fchmod,fchown", try platform.programForNobody()] + command
    let answer = try MusterProgram.run(
      "/usr/bin/setpriv", words, platform.variables.merging(["HOME": "/nonexistent"]) { $1 },
      in: platform.repository)
    #expect(answer.code == (command[0] == "diff" ? 1 : 0), "\(answer)")
    let calls = try #require(OwnDynos.text(trace)).split(separator: "\n")
    #expect(calls.contains { $0.contains(platform.repository) }, "the trace shows what is read")
    let changing = calls.filter { $0.contains(platform.folder) && changes($0) }
    #expect(changing == [])
    #expect(try listing(platform) == before)
  }

  /// Whether a call that strace shows would change something.
  private func changes(_ call: Substring) -> Bool {
    call.contains(#/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/#)
      || call.contains(
        #/ (creat|mkdir|mkdirat|rename\w*|unlink\w*|rmdir|link|linkat|symlink\w*|mknod\w*)\(/#)
      || call.contains(#/ (truncate|ftruncate|f?chmod\w*|l?f?chown\w*|utime\w*)\(/#)
  }

  /// Every file below the platform's folder with its size and time of change.
  private func listing(_ platform: PlatformFixture) throws -> String {
    let paths = [platform.repository, platform.state]
    return try MusterProgram.run(
      "/usr/bin/find", paths + ["-printf", "%p %s %C@ %m %u\n"]
    ).output
  }

  @Test func `three plans from three fresh state directories are the same bytes`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    for format in ["text", "json"] {
      let plans = try (1...3).map { number in
        try platform.muster(
          "plan", "--format", format, "--state", "\(platform.folder)/fresh-\(number)")
      }
      #expect(plans[0].code == 0 && plans[0].output.contains("tiny"), "\(plans[0])")
      #expect(Set(plans.map(\.output)).count == 1, "\(plans)")
    }
  }
}
