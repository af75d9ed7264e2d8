// `wait` and `events` on the simulated runtime: every condition, every end, and what goes on while
// one watches.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"))
struct WatchingTests {
  private func converged() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    do {
      try platform.writeApp("shop", web: 2, worker: 0)
      try platform.commit()
      try platform.converge()
    } catch {
      platform.tearDown()
      throw error
    }
    return platform
  }

  private func wait(
    _ platform: PlatformFixture, for condition: String
  ) throws -> MusterProgram.Answer {
    try platform.muster("wait", "shop", "--for", condition, "--timeout", "1s")
  }

  @Test func `each condition is met, or is not within the time`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    let head = try platform.git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
    for condition in ["converged", "healthy", "revision=\(head.prefix(7))", "release=v1"] {
      let answer = try wait(platform, for: condition)
      #expect(answer.code == 0 && answer.text == "", "\(condition): \(answer)")
    }
    for condition in ["suspended", "revision=0123456", "release=v2"] {
      try wait(platform, for: condition).expect(
        4, saying: "not \(condition) within 1s: shop is Synced and Healthy", "muster why shop")
    }
    for condition in ["happy", "revision=012", "release=v0", "release=new"] {
      try wait(platform, for: condition).expect(64, saying: "\(condition) cannot be waited for")
    }
    try platform.muster("wait", "nope", "--for", "healthy", "--timeout", "10m")
      .expect(2, saying: "there is no app nope", "there are: shop")
    try platform.muster("wait", "--for", "healthy", "--timeout", "soon")
      .expect(64, saying: "soon is not a time span")
  }

  @Test func `a suspension of deploys is one, and is what keeps others waiting`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    try #require(try platform.muster("suspend", "shop").code == 0)
    #expect(try wait(platform, for: "suspended").code == 0)
    try wait(platform, for: "converged")
      .expect(4, saying: "held by suspended-by-hand/shop")
  }

  @Test func `what is past cannot come to be`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    try platform.writeApp("shop", greeting: "again", web: 2, worker: 0)
    try platform.commit()
    try platform.converge()
    try wait(platform, for: "release=v1").expect(1, saying: "shop is at release v2 already")
  }

  @Test func `it ends when a reconcile elsewhere has brought it about`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    try platform.writeApp("shop", greeting: "again", web: 2, worker: 0)
    try platform.commit()
    let waiting = try Running(
      MusterProgram.path, ["wait", "--for", "release=v2", "--timeout", "60s"],
      platform.variables, in: platform.folder)
    try platform.converge()
    let answer = try waiting.wait(limit: 60)
    #expect(answer.code == 0, "\(answer)")
  }

  @Test func `events are told oldest first, of an app, of a time, as many as asked for`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    func lines(_ words: String...) throws -> [Substring] {
      let answer = try MusterProgram.run(
        MusterProgram.path, ["events"] + words, platform.variables, in: platform.folder)
      try #require(answer.code == 0, "\(answer)")
      return answer.output.split(separator: "\n")
    }
    let all = try lines()
    // Stack and slug are made ready at the same time; whichever ends first is told first.
    #expect(all.prefix(3).contains { $0.contains("StackReady") }, "\(all)")
    #expect(all.prefix(3).contains { $0.contains("SlugReady") }, "\(all)")
    #expect(all.prefix(3).contains { $0.contains("platform  RevisionTaken") }, "\(all)")
    let times = all.map { $0.prefix(19) }
    #expect(times == times.sorted(), "\(all)")
    #expect(all.last?.contains("State changed from starting to up") ?? false)
    #expect(try lines("shop") == all.filter { $0.contains("  shop ") })
    try platform.muster("events", "-a", "other").expect(2, saying: "there are: shop")
    #expect(try lines("--since", "1h") == all)
    #expect(try lines("--since", "2100-01-01T00:00:00Z") == ["No events."])
    #expect(try lines("-n", "2") == all.suffix(2))
    let json = try lines("--format", "json", "-n", "1")
    #expect(json.count == 1 && json[0].hasPrefix(#"{"at":"#), "\(json)")
    try platform.muster("events", "--since", "soon").expect(64, saying: "soon")
  }

  @Test func `history tells of commits, of manifests that are not valid, and of holds`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    func expect(_ words: String, location: SourceLocation = #_sourceLocation) throws {
      let told = try platform.muster("events").output
      #expect(told.contains(words), "\(told)", sourceLocation: location)
    }
    try platform.writeApp("store")
    try platform.write("formation: [web\n", to: "apps/shop/app.yaml")
    try platform.commit("Break it")
    try platform.muster("reconcile").expect(1, saying: "app.yaml:")
    try expect("  shop  ManifestInvalid  apps/shop/app.yaml:")
    try expect(#": "Break it" is in force"#)
    try platform.delete("apps/shop")
    try platform.commit("Remove it")
    try platform.muster("reconcile").expect(3, saying: "to free it")
    try expect("  Held  1 app (shop) would go")
    try platform.muster("reconcile").expect(3, saying: "to free it")
    let told = try platform.muster("events").output
    #expect(told.components(separatedBy: "  Held  ").count == 2, "told once: \(told)")
    try platform.writeApp("shop")
    try platform.commit("Put it back")
    try platform.converge()
    try expect("  HoldEnded  it holds nothing any more")
  }

  @Test func `who follows events gets new ones, until SIGINT`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    let following = try Running(
      MusterProgram.path, ["events", "-t", "-n", "1", "--format", "json"], platform.variables,
      in: platform.folder)
    #expect(eventually { following.outputSoFar.contains("DynoStateChanged") })
    try #require(try platform.muster("restart", "shop/web.1", "--reason", "a rest").code == 0)
    #expect(eventually { following.outputSoFar.contains("a rest") })
    kill(following.pid, SIGINT)
    let answer = try following.wait(limit: 20)
    #expect(answer.signal == SIGINT || answer.code == 130, "\(answer)")
    #expect(answer.errors == "", "\(answer)")
    let lines = answer.output.split(separator: "\n")
    #expect(Set(lines).count == lines.count, "nothing is told twice")
  }

  @Test func `why names the change before the trouble, and what runs meanwhile`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    try platform.muster("why", "shop").expect(0, saying: "shop is Synced", "It is Healthy")
    try platform.write("web: exit 3\nworker: exec work\n", to: "apps/shop/Procfile")
    try platform.commit("Break it")
    #expect(try platform.muster("reconcile").code == 1)
    try platform.muster("why", "shop").expect(
      1, saying: "of release v1 as", "crashed: exit 3", "The last change before the trouble:",
      "ReleaseRecorded  v2: ", "by Ada: \"Break it\"")
    let shown = try platform.muster("config:get", "GREETING", "-a", "shop")
    shown.expect(64, saying: "muster config get GREETING -a shop --reveal")
  }
}
