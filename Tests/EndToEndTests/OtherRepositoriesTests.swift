// A platform of several repositories, by the executable on the simulated runtime: each app follows
// its own repository, and one that is gone holds its own apps alone.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable `muster` was not built"))
struct OtherRepositoriesTests {
  /// A platform of `shop` in its own repository and `billing`, from another one by `address`.
  private func platform(
    _ address: (String) -> String = { $0 }, budget: String = ""
  ) throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    let billing = platform.folder + "/billing"
    try platform.git("init", "-q", "-b", "main", billing, in: platform.folder)
    try platform.git("config", "user.name", "Bea", in: billing)
    try platform.git("config", "user.email", "bea@example.com", in: billing)
    try bill("1", in: platform)
    try platform.writeApp("shop")
    try platform.write(
      """
      apps:
        - apps/*
        - {repository: '\(address(billing))', ref: main, name: billing}
      \(budget)
      """, to: "platform.yaml")
    try platform.commit()
    return platform
  }

  /// Commits the app of the other repository.
  private func bill(_ amount: String, in platform: PlatformFixture) throws {
    let billing = platform.folder + "/billing"
    let files = [
      "Procfile": "web: exec httpd -f -p $PORT -h /app\n",
      "app.yaml": "stack: busybox\nenv: {AMOUNT: \"\(amount)\"}\nformation: {web: {quantity: 2}}\n",
    ]
    for (name, text) in files {
      try text.write(toFile: "\(billing)/\(name)", atomically: true, encoding: .utf8)
    }
    try platform.git("add", "-A", in: billing)
    try platform.git("commit", "-q", "-m", "Bill \(amount)", in: billing)
  }

  private func head(_ platform: PlatformFixture, _ repository: String) throws -> String {
    String(try platform.git("rev-parse", "HEAD", in: "\(platform.folder)/\(repository)").prefix(7))
  }

  @Test(arguments: [false, true])
  func `a change of the other repository is planned and done with its own commit`(
    remote: Bool
  ) throws {
    let platform = try platform { remote ? "file://" + $0 : $0 }
    defer { platform.tearDown() }
    try platform.converge()
    try bill("2", in: platform)
    let plan = try platform.muster("plan")
    let commit = try head(platform, "billing")
    #expect(plan.output.contains("(app.yaml:2, \(commit) by Bea)"), "\(plan)")
    #expect(!plan.output.contains("shop"), "\(plan)")
    let done = try platform.converge()
    #expect(done.output.contains("Converged on \(try head(platform, "repo"))"), "\(done)")
    let status = try platform.muster("status")
    #expect(status.code == 0 && status.output.contains("v2 (\(commit))"), "\(status)")
    #expect(try platform.muster("plan").output.hasPrefix("No changes."))
  }

  @Test func `a repository that is gone holds its own apps alone`() throws {
    let platform = try platform { "file://" + $0 }
    defer { platform.tearDown() }
    try platform.converge()
    let billing = platform.folder + "/billing"
    try FileManager.default.moveItem(atPath: billing, toPath: billing + "-away")
    try platform.writeApp("shop", greeting: "again")
    try platform.commit()
    let answer = try platform.muster("reconcile")
    #expect(answer.code == 3, "\(answer)")
    #expect(answer.output.contains("source-unreachable/billing@main"), "\(answer)")
    #expect(answer.output.contains("main of file://\(billing)"), "\(answer)")
    let dynos = try platform.ps()
    #expect(dynos.filter { $0.app == "billing" }.map(\.release) == [1, 1])
    #expect(dynos.filter { $0.app == "shop" }.allSatisfy { $0.release == 2 && $0.state == "up" })
    try FileManager.default.moveItem(atPath: billing + "-away", toPath: billing)
    try platform.converge("once it is back")
  }

  @Test func `a branch that went back waits for consent by the source's name`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let first = try head(platform, "billing")
    try bill("2", in: platform)
    try platform.converge()
    try platform.git("reset", "-q", "--hard", first, in: platform.folder + "/billing")
    let held = try platform.muster("reconcile")
    let hold = "source-rewound/billing@main-\(first)"
    #expect(held.code == 3 && held.output.contains("muster confirm \(hold)"), "\(held)")
    let confirmed = try platform.muster("confirm", hold)
    #expect(confirmed.code == 0, "\(confirmed)")
    let status = try platform.muster("status")
    #expect(status.output.contains("v2 (\(first))"), "\(status)")
    #expect(try platform.muster("holds").code == 0)
  }

  @Test func `an emptied repository removes nothing, an entry taken out is an app that left`()
    throws
  {
    let platform = try platform(budget: "deletion: {budget: {apps: 1, dynos: 100%}}")
    defer { platform.tearDown() }
    try platform.converge()
    try platform.git("rm", "-rq", ".", in: platform.folder + "/billing")
    try platform.git("commit", "-q", "-m", "Nothing", in: platform.folder + "/billing")
    let held = try platform.muster("reconcile")
    #expect(held.code == 1, "\(held)")
    #expect(try platform.ps().filter { $0.app == "billing" && $0.state == "up" }.count == 2)
    try platform.write(
      "apps: [apps/*]\ndeletion: {budget: {apps: 1, dynos: 100%}}\n", to: "platform.yaml")
    try platform.commit()
    try platform.converge()
    #expect(try Set(platform.ps().map(\.app)) == ["shop"])
  }

  @Test func `reviews look at remote repositories only when told so`() throws {
    let platform = try platform { "file://" + $0 }
    defer { platform.tearDown() }
    let quiet = try platform.muster("validate", platform.repository)
    #expect(quiet.code == 0 && quiet.output.contains("not looked at: remote"), "\(quiet)")
    #expect(quiet.output.contains("1 app,"), "\(quiet)")
    let told = try platform.muster("validate", "--fetch", platform.repository)
    #expect(told.code == 0 && told.output.contains("2 apps,"), "\(told)")
    try platform.write("apps: [apps/*]\n", to: "platform.yaml")
    try platform.commit("No billing")
    let diff = try platform.muster("diff", "HEAD~1", "HEAD")
    #expect(diff.code == 1 && diff.output.contains("leave"), "\(diff)")
    let fetched = try platform.muster("diff", "--fetch", "HEAD~1", "HEAD")
    #expect(fetched.output.contains("billing"), "\(fetched)")
    #expect(!FileManager.default.fileExists(atPath: platform.state), "nothing was written")
  }
}
