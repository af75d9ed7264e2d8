// Commands while `serve` runs: they go over its socket, and come to what they come to without it.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable was not built"))
struct OrdersOverTheSocketTests {
  /// A converged platform, and its daemon.
  private func serving(
    _ apps: String..., more: String = "", until condition: String = "healthy"
  ) throws -> (PlatformFixture, ServingDaemon) {
    let platform = try PlatformFixture(runtime: "simulated")
    do {
      for app in apps { try platform.writeApp(app, web: 2, worker: 2) }
      if !more.isEmpty { try platform.write(more, to: "apps/\(apps[0])/app.yaml") }
      try platform.commit()
      let daemon = try platform.serve()
      do { try platform.wait(for: condition) } catch {
        daemon.tearDown()
        throw error
      }
      return (platform, daemon)
    } catch {
      platform.tearDown()
      throw error
    }
  }

  @Test func `orders are obeyed, and events say who gave them`() throws {
    let (platform, daemon) = try serving("shop")
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    func names() throws -> [String] {
      try platform.ps().filter { $0.state == "up" }.map(\.name)
    }
    let scaled = try platform.muster("scale", "worker=0", "web+1", "--reason", "poison job")
    #expect(scaled.code == 0 && scaled.output.contains("Converged on "), "\(scaled)")
    #expect(try names() == ["web.1", "web.2", "web.3"])
    #expect(try platform.muster("stop", "web.2").code == 0)
    #expect(try names() == ["web.1", "web.3"])
    #expect(try platform.muster("start", "web.2").code == 0)
    let restarted = try platform.muster("restart", "web")
    #expect(restarted.code == 0 && restarted.output.contains("restart asked by "), "\(restarted)")
    #expect(try platform.muster("maintenance", "on").code == 0)
    #expect(try platform.muster("maintenance").output == "on\n")
    #expect(try platform.muster("retry").code == 0)
    #expect(try platform.muster("resume").code == 0)
    #expect(try names() == ["web.1", "web.2", "worker.1", "worker.2"])
    let me = try MusterProgram.run("/usr/bin/id", ["-un"]).output.dropLast()
    let events = try platform.muster("events").output
    let orders = [
      "Scaled", "Stopped", "Started", "RestartAsked", "MaintenanceSet", "RetryAsked", "Resumed",
    ]
    for order in orders {
      let line = events.split(separator: "\n").first { $0.contains(" \(order)") }
      #expect(line?.contains("by \(me)") == true, "\(order): \(events)")
    }
    #expect(daemon.count("order recorded") == 7, "\(daemon.log)")
  }

  @Test func `suspended deploys wait for resume, with the exit codes of the page`() throws {
    let (platform, daemon) = try serving("shop")
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    #expect(try platform.muster("suspend", "--reason", "stocktaking").code == 0)
    try platform.wait(for: "suspended")
    try platform.writeApp("shop", greeting: "good day", web: 2, worker: 2)
    try platform.commit()
    #expect(try platform.muster("reconcile").code == 3)
    let holds = try platform.muster("holds")
    #expect(holds.code == 3 && holds.output.contains("muster resume shop"), "\(holds)")
    let late = try platform.muster("wait", "--for", "release=v2", "--timeout", "1s")
    #expect(late.code == 4, "\(late)")
    #expect(try platform.muster("resume").code == 0)
    #expect(try platform.muster("reconcile").code == 0)
    #expect(try platform.muster("holds").code == 0)
    #expect(try platform.ps().allSatisfy { $0.release == 2 })
  }

  @Test func `what cannot be is refused`() throws {
    let (platform, daemon) = try serving("shop")
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    let refused = try platform.muster("scale", "worker=1", "wroker=1")
    #expect(refused.code == 1 && refused.errors.contains("it has: web, worker"), "\(refused)")
    #expect(try platform.muster("scale").output.contains("worker=2"))
    #expect(try platform.muster("scale", "shop", "worker").code == 64)
    #expect(try platform.muster("restart", "other/web").code == 1)
    #expect(try platform.muster("confirm", "removal-0000").code == 1)
    #expect(try platform.muster("why", "nobody").code == 2)
    #expect(try platform.muster("wait", "--for", "nothing").code == 64)
    #expect(try platform.muster("nonsense").code == 64)
    let rebind = try platform.muster("reconcile", "--rebind")
    #expect(rebind.code == 1 && rebind.errors.contains("muster serve"), "\(rebind)")
    let other = try platform.muster("ps", "--environment", "staging")
    #expect(other.code == 2, "\(other)")
    #expect(daemon.count("order recorded") == 0, "\(daemon.log)")
  }

  @Test func `what is only looked at looks the same with a daemon and without`() throws {
    let (platform, daemon) = try serving("shop", "store")
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    let commands = [
      ["status"], ["status", "shop"], ["ps", "--format", "json"], ["ps", "store/web.1"],
      ["holds"], ["plan"], ["plan", "--format", "json"], ["plan", "--detailed-exitcode"],
      ["config", "shop"], ["config", "-a", "store", "--format", "json"],
      ["events", "--format", "json"],
      ["logs"], ["logs", "shop", "-s", "heroku", "--format", "json"], ["gc", "--dry-run"],
      ["gc", "--dry-run", "--format", "json"], ["why", "shop"], ["secrets"], ["scale", "store"],
      ["maintenance", "shop"], ["wait", "--for", "converged"], ["status", "nobody"],
      ["status", "-x"],
      ["reconcile", "--dry-run"],
    ]
    func answers() throws -> [String] {
      try commands.map { words in
        let answer = try MusterProgram.run(
          MusterProgram.path, words, platform.variables, in: platform.folder)
        return "\(words.joined(separator: " ")): \(answer)".withoutAges
      }
    }
    let with = try answers()
    let metrics = try platform.muster("metrics")
    #expect(metrics.code == 0 && metrics.output.contains("=== shop: 4 dynos run"), "\(metrics)")
    let usage = try platform.muster("usage")
    #expect(usage.code == 0 && usage.output.contains("database file"), "\(usage)")
    #expect(try platform.muster("doctor").output.contains("muster serve: at work"))
    #expect(try daemon.end().code == 0)
    #expect(try platform.muster("doctor").output.contains("muster serve: not at work"))
    for (one, other) in zip(with, try answers()) { #expect(one == other) }
    #expect(try platform.muster("metrics").output.contains("=== shop: 4 dynos run"))
  }

  @Test func `a secret's value goes from standard input to the dynos, and shows nowhere`() throws {
    let (platform, daemon) = try serving(
      "shop", more: "stack: busybox\nenv: {STRIPE_KEY: {secret: STRIPE_KEY}}\nsuspend: deploys\n",
      until: "suspended")
    try platform.write(
      "stack: busybox\nenv: {STRIPE_KEY: {secret: STRIPE_KEY}}\n", to: "apps/shop/app.yaml")
    try platform.commit()
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    let canary = Canary(platform)
    let set = try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: canary[1] + "\n")
    canary.expect(set)
    #expect(set.output.contains("STRIPE_KEY of shop: v1  (shop env.STRIPE_KEY)"), "\(set)")
    let get = try platform.muster("config", "get", "STRIPE_KEY", "--reveal")
    #expect(get.output == canary[1] + "\n", "\(get)")
    try platform.write("STRIPE_KEY=\(canary[2])\n", to: "../secrets.env")
    let file = try MusterProgram.run(
      MusterProgram.path, ["secrets", "import", "shop", "secrets.env"], platform.variables,
      in: platform.folder)
    canary.expect(file)
    try FileManager.default.removeItem(atPath: platform.folder + "/secrets.env")
    #expect(try platform.muster("secrets", "set", "shop", "STRIPE_KEY").code == 64, "no value")
    canary.expect(try platform.muster("events"))
    #expect(!daemon.log.contains(Canary.text))
    #expect(
      canary.filesWithIt.allSatisfy { $0.hasPrefix("state/secrets/_") }, "\(canary.filesWithIt)")
    #expect(try daemon.end().code == 0)
  }

  @Test func `a removal is confirmed from a second terminal`() throws {
    let (platform, daemon) = try serving("first", "second")
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    try platform.delete("apps/second")
    try platform.commit()
    let held = try platform.muster("reconcile")
    #expect(held.code == 3, "\(held)")
    let match = try #require(held.text.firstMatch(of: #/muster confirm (removal-[0-9a-f]+)/#))
    let waiting = try Running(
      MusterProgram.path, ["wait", "--for", "converged", "--timeout", "60s"], platform.variables,
      in: platform.folder)
    let confirmed = try platform.muster("confirm", String(match.output.1))
    #expect(confirmed.code == 0, "\(confirmed)")
    #expect(try Set(platform.ps().map(\.app)) == ["first"])
    let waited = try waiting.wait(limit: 90)
    #expect(waited.code == 0, "the first terminal sees it: \(waited)")
  }
}

extension String {
  /// Without what changes between two looks at the same thing.
  fileprivate var withoutAges: String {
    replacing(#/\(~ [^)]*\)/#, with: "(age)").replacing(#/\b\d+(\.\d+)? [kMG]B free/#, with: "free")
      .replacing(#/"free": ?\d+/#, with: "free")
  }
}
