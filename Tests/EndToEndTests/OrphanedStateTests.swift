// A state directory that lost its identity, and a bound repository that lost its commits: one clear
// error, and the way out.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"))
struct OrphanedStateTests {
  private func converged() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.writeApp("tiny")
    try platform.commit()
    try platform.converge()
    return platform
  }

  @Test func `a lost identity is taken over with consent alone`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    try platform.muster("adopt").expect(0, saying: "nothing to take over")
    try FileManager.default.removeItem(atPath: platform.state + "/identity")
    for command in ["plan", "status", "reconcile"] {
      try platform.muster(command).expect(2, saying: "identity", "is gone", "muster adopt")
    }
    let state = URL(fileURLWithPath: platform.state).resolvingSymlinksInPath().path
    try platform.muster("adopt")
      .expect(3, saying: "app tiny, last release v1", "muster adopt --confirm \(state)")
    #expect(!FileManager.default.fileExists(atPath: platform.state + "/identity"))
    try platform.muster("adopt", "--confirm", "/elsewhere").expect(2, saying: state)
    try platform.muster("adopt", "--format", "json").expect(3, saying: #""identity": "lost""#)
    try platform.muster("adopt", "--confirm", state).expect(0, saying: "Took over")
    try platform.converge()
    #expect(try platform.ps().map(\.state) == ["up", "up"])
  }

  @Test func `a bound repository that was emptied is one clear error`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    try FileManager.default.removeItem(atPath: platform.repository)
    try platform.git("init", "-q", "-b", "main", platform.repository, in: platform.folder)
    try platform.muster("plan").expect(2, saying: "has no commit")
    try platform.muster("diff", "HEAD").expect(2, saying: "muster: ")
    #expect(try platform.ps().map(\.state) == ["up", "up"], "what ran goes on")
    try FileManager.default.removeItem(atPath: platform.repository)
    try platform.muster("plan").expect(2, saying: "there is no git repository")
  }

  @Test func `-v says what lies behind a failure, and nothing else does`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    try "no database".write(
      toFile: platform.state + "/muster.sqlite", atomically: true, encoding: .utf8)
    let plain = try platform.muster("status")
    plain.expect(2, saying: "muster.sqlite")
    #expect(!plain.text.contains("because:"))
    try platform.muster("status", "-v").expect(2, saying: "because: SQLite")
    try platform.muster("validate", "-v", "--state", "/nowhere").expect(0)
    try platform.muster("diff", "HEAD", "-v", "--runtime", "simulated").expect(0)
    try platform.muster("plan", "--verbose", "--repo", "/nowhere", "--state", "/nowhere/state")
      .expect(2, saying: "because: libgit2 said")
  }

  @Test func `the first plan of a reconcile names commit and author`() throws {
    let platform = try PlatformFixture(runtime: "simulated")
    defer { platform.tearDown() }
    try platform.writeApp("tiny")
    try platform.commit()
    try platform.muster("reconcile").expect(
      0, saying: "(apps/tiny/app.yaml:5, ", " by Ada)", "tiny web.1  v1  up after")
  }
}
