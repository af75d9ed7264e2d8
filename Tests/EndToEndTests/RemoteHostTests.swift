// `--on ssh://…` by a real ssh to a real sshd on this machine, with a daemon behind it.

import Foundation
import Testing

@Suite(
  .serialized, .enabled(if: MusterProgram.isThere, "the executable was not built"),
  .enabled(if: SecureShell.isThere, "there is no sshd: ./dev setup installs it"))
struct RemoteHostTests {
  /// A converged platform with its daemon, reached by ssh.
  private final class Scene {
    let platform: PlatformFixture
    let shell: SecureShell
    let daemon: ServingDaemon

    init() throws {
      platform = try PlatformFixture(runtime: "simulated")
      do {
        try platform.writeApp("shop")
        try platform.commit()
        shell = try SecureShell(in: platform.folder)
      } catch {
        platform.tearDown()
        throw error
      }
      do {
        daemon = try platform.serve()
        try platform.wait(for: "converged")
      } catch {
        shell.tearDown()
        platform.tearDown()
        throw error
      }
    }

    /// Runs a command on that machine; nothing but its line goes along.
    func muster(_ words: String..., input: String? = nil) throws -> MusterProgram.Answer {
      try muster(words: words, input: input)
    }

    func muster(words: [String], input: String? = nil) throws -> MusterProgram.Answer {
      try MusterProgram.run(
        MusterProgram.path, words + ["--state", platform.state, "--on", shell.address],
        ["MUSTER_SSH": shell.client, "HOME": platform.folder], in: "/", input: input)
    }

    func tearDown() {
      daemon.tearDown()
      shell.tearDown()
      platform.tearDown()
    }
  }

  @Test func `exit codes and both streams are those of the command there`() throws {
    let scene = try Scene()
    defer { scene.tearDown() }
    let ps = try scene.muster("ps")
    #expect(ps.code == 0 && ps.output.contains("web.1: up"), "\(ps)")
    #expect(ps.errors.isEmpty, "\(ps)")
    #expect(!ps.output.contains("\r"), "no terminal, no line ends of one")
    #expect(try scene.muster("scale", "shop", "wroker=1").code == 1)
    let unknown = try scene.muster("restart", "other/web")
    #expect(unknown.code == 1 && unknown.output.isEmpty, "\(unknown)")
    #expect(unknown.errors.contains("there are: shop"), "\(unknown)")
    #expect(try scene.muster("suspend").code == 0)
    #expect(try scene.muster("holds").code == 3)
    #expect(try scene.muster("wait", "--for", "release=v9", "--timeout", "1s").code == 4)
    #expect(try scene.muster("scale", "shop", "worker").code == 64)
    #expect(try scene.muster("nonsense").code == 64)
    let events = try scene.muster("events")
    #expect(events.output.contains("deploys suspended, by \(scene.shell.user)"), "\(events)")
  }

  @Test func `a day's work goes over ssh, each verb with its exit code`() throws {
    let scene = try Scene()
    defer { scene.tearDown() }
    let day: [(words: String, code: Int32)] = [
      ("status", 0), ("ps", 0), ("holds", 0), ("plan", 0), ("plan --detailed-exitcode", 0),
      ("config shop", 0), ("config get GREETING --reveal", 0), ("events", 0), ("logs -n 5", 0),
      ("metrics", 0), ("usage", 0), ("why shop/web.1", 0), ("secrets", 0), ("scale", 0),
      ("wait --for converged", 0), ("gc --dry-run", 0), ("gc", 0), ("catalog", 0),
      ("scale worker=2 --for 1h --reason night", 0), ("stop worker", 0), ("status", 0),
      ("start worker", 0), ("restart web.1", 0), ("suspend shop", 0), ("holds", 3),
      ("wait --for suspended", 0), ("resume shop", 0), ("maintenance shop on", 0),
      ("maintenance shop off", 0), ("resume --all-apps", 0), ("retry shop", 0),
      ("confirm nothing", 1), ("secrets unset shop NONE", 1), ("secrets rotate shop NONE", 1),
      ("ps:scale worker=1", 0), ("reconcile", 0), ("reconcile --dry-run", 0), ("adopt", 0),
    ]
    for (words, code) in day {
      let answer = try scene.muster(words: words.split(separator: " ").map(String.init))
      #expect(answer.code == code, "\(words): \(answer)")
      let isQuiet = words.hasPrefix("wait")
      #expect(isQuiet || !answer.output.isEmpty || code == 1, "\(words) says nothing")
    }
    #expect(scene.daemon.isRunning)
  }

  @Test func `words arrive as they were typed, whatever is in them`() throws {
    let scene = try Scene()
    defer { scene.tearDown() }
    let reason = #"a 'b' "c" $HOME `id` $(id) \ * ? ; & | < > # ! ~ é  two"#
    let scaled = try scene.muster("scale", "worker=2", "--reason", reason)
    #expect(scaled.code == 0, "\(scaled)")
    let events = try scene.muster("events", "--format", "json")
    let line = try #require(
      events.output.split(separator: "\n").first { $0.contains("Scaled") }, "\(events)")
    let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    let message = fields?["message"] as? String
    #expect(message == "worker=2, by \(scene.shell.user): \(reason)")
    let empty = try scene.muster("restart", "worker", "--reason", "")
    #expect(empty.code == 0, "an empty word is a word: \(empty)")
  }

  @Test func `standard input goes along, and a value shows nowhere`() throws {
    let scene = try Scene()
    defer { scene.tearDown() }
    let canary = Canary(scene.platform)
    let set = try scene.muster("secrets", "set", "shop", "KEY", input: canary[1] + "\n")
    canary.expect(set)
    try scene.platform.write(
      "stack: busybox\nenv: {KEY: {secret: KEY}}\n", to: "apps/shop/app.yaml")
    try scene.platform.commit()
    #expect(try scene.muster("reconcile").code == 0)
    let get = try scene.muster("config", "get", "KEY", "--reveal")
    #expect(get.output == canary[1] + "\n", "\(get)")
    #expect(!scene.daemon.log.contains(Canary.text))
  }

  @Test func `a terminal here is a terminal there`() throws {
    let scene = try Scene()
    defer { scene.tearDown() }
    let script = """
      import os, pty, sys
      child, terminal = pty.fork()
      if child == 0: os.execv(sys.argv[1], sys.argv[1:])
      seen, typed = b"", False
      while True:
          try: part = os.read(terminal, 4096)
          except OSError: break
          if not part: break
          seen += part
          if b"(not shown)" in seen and not typed:
              typed = True
              os.write(terminal, b"\(Canary.text)\\n")
      sys.stdout.write(seen.decode())
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
      """
    func muster(_ words: String...) throws -> MusterProgram.Answer {
      try MusterProgram.run(
        "/usr/bin/python3",
        ["-c", script, MusterProgram.path] + words
          + ["--state", scene.platform.state, "--on", scene.shell.address],
        ["MUSTER_SSH": scene.shell.client, "TERM": "xterm"])
    }
    let status = try muster("status")
    #expect(status.code == 0 && status.output.contains("\u{1b}["), "colour: \(status)")
    let set = try muster("secrets", "set", "shop", "KEY")
    #expect(set.code == 0, "\(set)")
    #expect(set.output.contains("Value of KEY (not shown): "), "\(set)")
    #expect(!set.output.contains(Canary.text), "it is not shown")
    #expect(try scene.muster("secrets").output.contains("KEY"))
    #expect(try muster("scale", "shop", "wroker=1").code == 1)
  }

  @Test func `a machine that is not to be reached, or is another one, is told apart`() throws {
    let scene = try Scene()
    defer { scene.tearDown() }
    try "\n".write(
      toFile: scene.platform.folder + "/ssh/known", atomically: true, encoding: .utf8)
    let stranger = try scene.muster("ps")
    #expect(stranger.code == 255, "\(stranger)")
    #expect(stranger.errors.contains("Host key verification failed"), "\(stranger)")
    scene.shell.tearDown()
    #expect(try scene.muster("ps").code == 255)
  }

  @Test(arguments: [
    ("ssh://ada@server.example.com", "-T -- ada@server.example.com 'muster' 'ps'"),
    ("ssh://server:2222/", "-T -p 2222 -- server 'muster' 'ps'"),
    ("ssh://ada@[::1]:2222", "-T -p 2222 -- ada@::1 'muster' 'ps'"),
  ])
  func `ssh is asked for the machine that was named`(_ address: String, _ words: String) throws {
    let answer = try MusterProgram.run(
      MusterProgram.path, ["ps", "--on", address], ["MUSTER_SSH": "/bin/echo"])
    #expect(answer.output == words + "\n", "\(answer)")
  }

  @Test(arguments: [
    "ssh://-oProxyCommand=id", "ssh://a b", "server", "https://server", "ssh://", "",
    "ssh://ada:word@server", "ssh://server/path", "ssh://-l@server", "ssh://server;id",
  ])
  func `what is no machine is refused`(_ address: String) throws {
    let answer = try MusterProgram.run(
      MusterProgram.path, ["ps", "--on", address], ["MUSTER_SSH": "/bin/echo"])
    #expect(answer.code == 64 && answer.output.isEmpty, "\(answer)")
    let missing = try MusterProgram.run(
      MusterProgram.path, ["ps", "--on", "ssh://a"], ["MUSTER_SSH": "/nonexistent/ssh"])
    #expect(missing.code == 2 && missing.errors.contains("MUSTER_SSH"), "\(missing)")
  }
}
