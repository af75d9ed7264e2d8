// Who may call a daemon through its socket, and what callers do to it by leaving, talking nonsense
// or being too many.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable was not built"))
struct SocketCallersTests {
  private func platform() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.writeApp("shop")
    try platform.commit()
    return platform
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  /// Talks to the socket as no Muster does, by a Python script that gets the connected socket as
  /// `call`, and a function that makes more.
  private func rudely(_ script: String, _ platform: PlatformFixture) throws -> Running {
    let head = """
      import os, socket, sys, time
      def another():
          call = socket.socket(socket.AF_UNIX)
          call.connect("muster.sock")
          return call
      call = another()

      """
    return try Running("/usr/bin/python3", ["-c", head + script], in: platform.state)
  }

  // MARK: - Who may

  @Test func `without a group muster the socket is its owner's alone`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve()
    defer { daemon.tearDown() }
    guard daemon.log.contains("there is no group muster") else { return }
    #expect(mode(platform.state + "/muster.sock") == 0o600)
    #expect(mode(platform.state) == 0o700)
  }

  @Test(.enabled(if: geteuid() == 0, "a group of the test's own needs root"))
  func `members of the group muster may call, others may not, and events name them`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let groups = platform.folder + "/group"
    let known = try String(contentsOfFile: "/etc/group", encoding: .utf8)
      .split(separator: "\n").filter { !$0.hasPrefix("muster:") }
    try (known + ["muster:x:64321:", ""]).joined(separator: "\n")
      .write(toFile: groups, atomically: true, encoding: .utf8)
    let script = #"mount --bind "$1" /etc/group && exec "$0" serve --poll 1h"#
    let running = try Running(
      "/usr/bin/unshare", ["-m", "sh", "-c", script, MusterProgram.path, groups],
      platform.variables, in: platform.folder)
    defer { if running.isRunning { kill(running.pid, SIGKILL) } }
    #expect(eventually(within: 60) { running.errors.contains("serving") }, "\(running.errors)")
    #expect(mode(platform.state + "/muster.sock") == 0o660)
    #expect(mode(platform.state) == 0o710)
    let program = try platform.programForNobody()
    func asNobody(_ group: String, _ words: String...) throws -> MusterProgram.Answer {
      try MusterProgram.run(
        "/usr/bin/setpriv",
        ["--reuid", "65534", "--regid", "65534", "--groups", group, program] + words,
        platform.variables, in: "/")
    }
    let refused = try asNobody("65534", "scale", "worker=3")
    #expect(refused.code == 2 && refused.errors.contains("usermod -aG muster"), "\(refused)")
    let scaled = try asNobody("64321", "scale", "worker=3")
    #expect(scaled.code == 0, "\(scaled)")
    let events = try platform.muster("events")
    #expect(events.output.contains("worker=3, by nobody"), "\(events)")
    kill(running.pid, SIGTERM)
    #expect(try running.wait(limit: 60).code == 0)
  }

  // MARK: - A socket that nobody listens on

  @Test func `the socket of a daemon that was killed is in nobody's way`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let first = try platform.serve()
    try platform.wait(for: "converged")
    #expect(try first.end(by: SIGKILL).signal == SIGKILL)
    #expect(mode(platform.state + "/muster.sock") != 0, "it is still there")
    #expect(try platform.muster("scale", "worker=2").code == 0)
    #expect(try platform.ps().count == 3)
    let second = try platform.serve()
    defer { second.tearDown() }
    #expect(try platform.muster("scale", "worker=1").code == 0)
    #expect(second.count("order recorded") == 1, "\(second.log)")
  }

  // MARK: - Callers that leave

  @Test func `a caller that goes away does the daemon no harm`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve("--log-level", "debug")
    defer { daemon.tearDown() }
    try platform.wait(for: "converged")
    let before = daemon.count("debug command")
    let lines = [
      ["wait", "--for", "release=v9"], ["logs", "-t"], ["events", "-t"],
      ["secrets", "set", "shop", "A"],
    ]
    for words in lines {
      // Standard input that stays open: nobody ever types the value.
      let script = #"sleep 60 | exec "$0" "$@""#
      let caller = try Running(
        "/bin/bash", ["-c", script, MusterProgram.path] + words, platform.variables,
        in: platform.folder)
      let (others, count) = (lines.firstIndex(of: words) ?? 0, before + 1)
      #expect(eventually(within: 60) { daemon.count("debug command") == count + others })
      _ = try MusterProgram.run("/usr/bin/pkill", ["-KILL", "-P", "\(caller.pid)"])
      _ = try caller.wait(limit: 60)
    }
    #expect(daemon.isRunning)
    #expect(try platform.muster("scale", "worker=2").code == 0)
    #expect(try platform.muster("ps").code == 0)
    #expect(try daemon.end().code == 0)
  }

  @Test func `an order goes on when whoever gave it has gone`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.write("web: exec serve # simulated: boot=3s\n", to: "apps/shop/Procfile")
    try platform.write(
      "stack: busybox\nformation: {web: {quantity: 1}}\n", to: "apps/shop/app.yaml")
    try platform.commit()
    let daemon = try platform.serve()
    defer { daemon.tearDown() }
    try platform.wait(for: "converged")
    let caller = try Running(
      MusterProgram.path, ["scale", "web=2"], platform.variables, in: platform.folder)
    #expect(daemon.said("order recorded"))
    kill(caller.pid, SIGKILL)
    _ = try caller.wait()
    #expect(
      eventually(within: 60) { (try? platform.ps().map(\.state)) == ["up", "up"] },
      "\(daemon.log)")
  }

  @Test func `a daemon that ends tells whoever still waits`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve("--log-level", "debug")
    defer { daemon.tearDown() }
    try platform.wait(for: "converged")
    let before = daemon.count("debug command")
    let caller = try Running(
      MusterProgram.path, ["wait", "--for", "release=v9"], platform.variables, in: platform.folder)
    #expect(eventually(within: 60) { daemon.count("debug command") > before })
    #expect(try daemon.end().code == 0)
    let told = try caller.wait(limit: 60)
    #expect(told.code == 2 && told.errors.contains("muster status"), "\(told)")
  }

  // MARK: - Callers that are rude

  @Test func `nonsense and silence end that call alone`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve()
    defer { daemon.tearDown() }
    let scripts = [
      #"call.sendall(b"GET / HTTP/1.1\r\n\r\n"); print(call.recv(1 << 16).decode())"#,
      #"call.sendall(b'{"request":'); call.shutdown(socket.SHUT_WR); call.recv(1)"#,
      #"call.sendall(b'{"answer":{"_0":"eA=="}}\n'); call.recv(1 << 16)"#,
      #"call.sendall(bytes(1 << 20)); call.close()"#,
    ]
    for script in scripts {
      let answer = try rudely(script, platform).wait(limit: 60)
      #expect(answer.code == 0, "\(script): \(answer)")
      if script == scripts[0] { #expect(answer.output.contains("another version"), "\(answer)") }
    }
    #expect(try platform.muster("ps").code == 0)
    #expect(daemon.isRunning)
  }

  @Test func `more than thirty-two callers are turned away until some leave`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let daemon = try platform.serve()
    defer { daemon.tearDown() }
    let crowd = try rudely(
      """
      others = [another() for _ in range(31)]
      call.setblocking(False)
      open("../crowded", "w").close()
      while not os.path.exists("../enough"): time.sleep(0.02)
      """, platform)
    #expect(
      eventually(within: 60) {
        FileManager.default.fileExists(atPath: platform.folder + "/crowded")
      })
    let refused = try platform.muster("ps")
    #expect(
      refused.code == 2 && refused.errors.contains("32 commands are being served"), "\(refused)")
    try Data().write(to: URL(fileURLWithPath: platform.folder + "/enough"))
    #expect(try crowd.wait(limit: 60).code == 0)
    #expect(eventually(within: 60) { (try? platform.muster("ps").code) == 0 })
  }
}
