// What cannot work, before anything runs: one clear error each, what to do, nothing changed.

import Foundation
import Testing

extension MusterProgram.Answer {
  /// Expects an end with this code that names the thing and what to do, in words for people.
  func expect(
    _ code: Int32, saying words: String..., location: SourceLocation = #_sourceLocation
  ) {
    #expect(self.code == code, "\(self)", sourceLocation: location)
    for word in words {
      #expect(text.contains(word), "it does not say “\(word)”: \(self)", sourceLocation: location)
    }
    for trace in ["Fatal error", "Current stack", "EffectFailure(", "CommandFailure(", "errno "] {
      #expect(!text.contains(trace), "\(self)", sourceLocation: location)
    }
  }
}

@Suite(.enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"))
struct ClearErrorTests {
  /// A simulated platform with one commit that holds one app.
  private func platform() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.writeApp("tiny")
    try platform.commit()
    return platform
  }

  @Test func `no repository`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let nowhere = platform.folder + "/nowhere"
    try FileManager.default.createDirectory(atPath: nowhere, withIntermediateDirectories: true)
    for command in ["plan", "reconcile"] {
      try platform.muster(command, "--repo", nowhere)
        .expect(2, saying: "there is no git repository at \(nowhere)", "--repo")
    }
  }

  @Test func `an empty repository`() throws {
    let platform = try PlatformFixture(runtime: "simulated")
    defer { platform.tearDown() }
    for command in ["plan", "reconcile"] {
      try platform.muster(command)
        .expect(2, saying: "the repository at \(platform.repository) has no commit", "muster init")
    }
  }

  @Test func `a repository without apps`() throws {
    let platform = try PlatformFixture(runtime: "simulated")
    defer { platform.tearDown() }
    try platform.write("nothing here\n", to: "README")
    try platform.commit()
    for command in ["plan", "reconcile"] {
      try platform.muster(command).expect(2, saying: "holds no app", "an app is a folder")
    }
  }

  @Test func `a detached head`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.git("checkout", "-q", "--detach")
    try platform.muster("reconcile").expect(2, saying: "HEAD", "is detached", "--ref")
  }

  @Test func `a ref that does not exist`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.muster("reconcile", "--ref", "nope")
      .expect(2, saying: "“nope” does not exist", "git branch")
  }

  @Test func `another repository on the same state`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.converge()
    let other = try self.platform()
    defer { other.tearDown() }
    try platform.muster("reconcile", "--repo", other.repository)
      .expect(2, saying: platform.repository, other.repository, "--rebind")
    #expect(try platform.muster("plan").output.contains("No changes."), "nothing is lost")
  }

  @Test func `an unknown stack`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.converge()
    try platform.write("stack: beos\nformation: {web: 1}\n", to: "apps/tiny/app.yaml")
    try platform.commit()
    try platform.muster("reconcile").expect(
      1, saying: "apps/tiny/app.yaml:1:8", "there is no stack `beos`", "busybox")
    #expect(try platform.ps().filter { $0.state == "up" }.count == 2, "what ran goes on")
  }

  @Test func `an unreadable state directory is an error and no empty answer`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.converge()
    try "no database".write(
      toFile: platform.state + "/muster.sqlite", atomically: true, encoding: .utf8)
    for command in ["status", "ps", "holds", "plan", "reconcile"] {
      try platform.muster(command).expect(2, saying: "muster.sqlite")
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root can hand a folder to somebody else"))
  func `someone else's state directory`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try FileManager.default.createDirectory(
      atPath: platform.state, withIntermediateDirectories: true)
    try #require(chown(platform.state, 1234, 1234) == 0)
    for command in ["plan", "reconcile"] {
      try platform.muster(command)
        .expect(2, saying: platform.state, "belongs to user 1234", "--state")
    }
    #expect(OwnDynos.names(in: platform.state) == [])
  }

  @Test(.enabled(if: geteuid() == 0, "only root can become nobody"))
  func `not root`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    var told = platform.variables
    told["MUSTER_RUNTIME"] = "embedded"
    try MusterProgram.run(
      "/usr/bin/setpriv",
      [
        "--reuid=65534", "--regid=65534", "--clear-groups", platform.programForNobody(),
        "reconcile",
      ],
      told
    ).expect(2, saying: "needs root", "--runtime simulated")
    #expect(!FileManager.default.fileExists(atPath: platform.state))
  }
}
