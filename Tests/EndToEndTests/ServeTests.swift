// muster serve on the simulated runtime: what wakes it, what ends it, what it tells and logs.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable was not built"))
struct ServeTests {
  private func platform() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.writeApp("shop")
    try platform.commit()
    return platform
  }

  @Test func `a new platform converges, and polling finds the next commit`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve(poll: "200ms")
    defer { daemon.tearDown() }
    try platform.wait(for: "release=v1")
    #expect(try platform.ps().map(\.name) == ["web.1", "worker.1"])
    try platform.writeApp("shop", greeting: "good day", worker: 2)
    try platform.commit()
    #expect(daemon.said("health=Healthy"))
    #expect(
      eventually(within: 60) {
        (try? platform.ps().map { "\($0.name) v\($0.release) \($0.state)" })
          == ["web.1 v2 up", "worker.1 v2 up", "worker.2 v2 up"]
      }, "\(daemon.log)")
  }

  @Test func `a commit that cannot be taken changes nothing until one that can`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve(poll: "200ms")
    defer { daemon.tearDown() }
    try platform.wait(for: "converged")
    try platform.write("apps: [", to: "platform.yaml")
    try platform.commit()
    #expect(daemon.said("the last good commit stays in force"), "\(daemon.log)")
    #expect(try platform.ps().count == 2)
    try platform.write("rules: {heroku_tiers: warn}\n", to: "platform.yaml")
    try platform.writeApp("shop", greeting: "again")
    try platform.commit()
    try platform.wait(for: "release=v2")
  }

  @Test func `a second one is refused and told who is at work`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve()
    defer { daemon.tearDown() }
    let second = try platform.muster("serve")
    #expect(second.code == 2, "\(second)")
    #expect(second.errors.contains("\"serve\" (process \(daemon.pid), since "), "\(second)")
    #expect(daemon.isRunning)
    #expect(try platform.muster("ps").code == 0, "the socket is still the first one's")
  }

  @Test func `SIGTERM and SIGINT end it well, dynos run on, and the next one takes them over`()
    throws
  {
    let platform = try platform()
    defer { platform.tearDown() }
    for signal in [SIGTERM, SIGINT] {
      let daemon = try platform.serve()
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      let ended = try daemon.end(by: signal)
      #expect(ended.code == 0, "\(ended)")
      #expect(ended.errors.contains("info stopped; dynos run on\n"), "\(ended)")
      #expect(!FileManager.default.fileExists(atPath: platform.state + "/muster.sock"))
      #expect(try platform.ps().allSatisfy { $0.state == "up" && $0.release == 1 })
    }
    let started = try platform.muster("events").output.components(separatedBy: "DynoStarted")
    #expect(started.count == 3, "each of two dynos was started once: \(started)")
  }

  @Test func `SIGHUP reads everything again`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve()
    defer { daemon.tearDown() }
    try platform.wait(for: "converged")
    try platform.writeApp("shop", greeting: "good day")
    try platform.commit()
    kill(daemon.pid, SIGHUP)
    #expect(daemon.said("reading everything again"))
    #expect(
      eventually(within: 60) { daemon.count("revision taken") == 2 && daemon.isRunning },
      "\(daemon.log)")
  }

  @Test func `the service manager hears how it is`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let manager = try NotifySocket(in: platform.folder)
    let told = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "600000"]
    let daemon = try platform.serve(with: told)
    defer { daemon.tearDown() }
    #expect(manager.hears("READY=1", "STATUS="), "\(manager.messages)")
    #expect(manager.hears("WATCHDOG=1", "STATUS=1 of 1 apps well, 2 dynos up"))
    manager.forget()
    #expect(manager.hears("WATCHDOG=1"), "it says so again when nothing happens")
    kill(daemon.pid, SIGHUP)
    #expect(manager.hears("RELOADING=1", "MONOTONIC_USEC="), "\(manager.messages)")
    #expect(manager.hears("READY=1"), "\(manager.messages)")
    kill(daemon.pid, SIGTERM)
    #expect(manager.hears("STOPPING=1"), "\(manager.messages)")
    #expect(try daemon.end().code == 0)
  }

  @Test(arguments: ["text", "json"])
  func `the log has constant messages, and what varies beside them`(_ form: String) throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve("--log-form", form, "--log-level", "debug")
    defer { daemon.tearDown() }
    try platform.wait(for: "converged")
    #expect(try platform.muster("scale", "worker=3", "--reason", "a \"rush\"").code == 0)
    #expect(try platform.muster("suspend").code == 0)
    try platform.writeApp("shop", greeting: "later")
    try platform.commit()
    #expect(try platform.muster("reconcile").code == 3)
    let log = try daemon.end().errors
    var seen: Set<String> = []
    for line in log.split(separator: "\n") {
      let message = try LogMessage(String(line), isJSON: form == "json")
      #expect(LogMessage.known.contains(message.text), "\(line)")
      seen.insert(message.text)
      if message.text == "order recorded" { #expect(message.rest.contains("by"), "\(line)") }
    }
    #expect(
      seen.isSuperset(of: ["serving", "step done", "order recorded", "held", "status changed"]))
    #expect(!log.contains("GREETING=") && !log.contains("later"), "no values")
  }

  @Test func `a log that nobody reads any more ends nothing`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let script = #"exec "$0" serve --poll 200ms 2> >(head -n 1 >/dev/null)"#
    let running = try Running(
      "/bin/bash", ["-c", script, MusterProgram.path], platform.variables, in: platform.folder)
    defer { if running.isRunning { kill(running.pid, SIGKILL) } }
    #expect(
      eventually(within: 60) {
        FileManager.default.fileExists(atPath: platform.state + "/muster.sock")
      })
    try platform.wait(for: "release=v1")
    try platform.writeApp("shop", greeting: "good day")
    try platform.commit()
    try platform.wait(for: "release=v2")
    kill(running.pid, SIGTERM)
    #expect(try running.wait(limit: 60).code == 0)
  }
}

/// One line of a daemon's log.
private struct LogMessage {
  /// Everything that a daemon may say in these tests.
  static let known: Set = [
    "only the owner may use the socket: there is no group muster", "serving", "revision taken",
    "status changed", "step done", "command", "order recorded", "held", "progress", "stopping",
    "stopped; dynos run on",
  ]

  let text: String
  let rest: String

  init(_ line: String, isJSON: Bool) throws {
    if isJSON {
      #expect(line.components(separatedBy: "\"message\":").count == 2, "one of each: \(line)")
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
      let fields = try #require(object, "\(line)")
      try #require(fields["at"] != nil && fields["level"] != nil)
      text = try #require(fields["message"])
      rest = fields.keys.joined(separator: " ")
      return
    }
    let words = line.split(separator: " ", maxSplits: 2).map(String.init)
    try #require(words.count == 3 && words[0].hasSuffix("Z"), "\(line)")
    let message = words[2].prefix { $0 != "=" }
    // Without the first field's name, where there is one.
    let end = words[2].contains("=") ? message.lastIndex(of: " ") : nil
    text = String(message[..<(end ?? message.endIndex)])
    rest = String(words[2].dropFirst(text.count))
  }
}
