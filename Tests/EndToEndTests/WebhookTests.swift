// Webhooks of a forge at a daemon that would look at its repository in an hour.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable was not built"))
struct WebhookTests {
  private static let secret = "0123456789abcdef0123456789abcdef"

  /// Another commit than the one that a daemon has taken, and where it takes webhooks.
  private func scene(
    remote: Bool = false
  ) throws -> (PlatformFixture, ServingDaemon, address: String) {
    let platform = try PlatformFixture(runtime: "simulated", isRemote: remote)
    try platform.writeApp("shop")
    try platform.commit()
    let file = platform.folder + "/webhook-secret"
    try Self.secret.appending("\n").write(toFile: file, atomically: true, encoding: .utf8)
    try #require(chmod(file, 0o600) == 0)
    let daemon = try platform.serve("--webhook", "127.0.0.1:0", "--webhook-secret", file)
    try platform.wait(for: "release=v1")
    let match = daemon.log.firstMatch(of: #/taking webhooks address=(\S+)/#)
    try platform.writeApp("shop", greeting: "good day")
    try platform.commit()
    return (platform, daemon, String(try #require(match, "\(daemon.log)").output.1))
  }

  /// Asks by curl; the HTTP status.
  private func post(
    _ body: String, to address: String, _ options: String..., in platform: PlatformFixture
  ) throws -> String {
    let file = platform.folder + "/body"
    try body.write(toFile: file, atomically: true, encoding: .utf8)
    let answer = try MusterProgram.run(
      "/usr/bin/curl",
      [
        "-s", "-m", "60", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@\(file)",
        "-H", "Content-Type: application/json", "-H", "X-GitHub-Event: push",
      ] + options + ["http://\(address)"])
    return answer.output
  }

  /// GitHub's header for a body, made by another program than Muster.
  private func signature(of body: String, by secret: String = secret) throws -> String {
    let script = """
      import hashlib, hmac, sys
      code = hmac.new(sys.argv[1].encode(), sys.stdin.buffer.read(), hashlib.sha256).hexdigest()
      print("X-Hub-Signature-256: sha256=" + code, end="")
      """
    return try MusterProgram.run("/usr/bin/python3", ["-c", script, secret], input: body).output
  }

  @Test(arguments: [false, true])
  func `a signed one makes it look at once`(isRemote: Bool) throws {
    let (platform, daemon, address) = try scene(remote: isRemote)
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    let body = #"{"ref":"refs/heads/main"}"#
    let asked = Date()
    let status = try post(
      body, to: address + "/webhook", "-H", try signature(of: body), in: platform)
    #expect(status == "202")
    #expect(
      eventually(within: 60) { daemon.log.contains("subject=shop.web.1.v2.") }, "\(daemon.log)")
    let took = try daemon.began("start", of: "shop.web.1.v2.").timeIntervalSince(asked)
    let way = isRemote ? "fetched by git" : "read in place"
    print("webhook to the first start, \(way): \(Int(took * 1000)) ms (with curl's own time)")
    #expect(daemon.count(" info webhook\n") == 1, "\(daemon.log)")
    try platform.wait(for: "release=v2")
  }

  @Test func `what is not proven is refused and does nothing`() throws {
    let (platform, daemon, address) = try scene()
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    let (hook, body) = (address + "/webhook", #"{"ref":"refs/heads/main"}"#)
    let good = try signature(of: body)
    let other = try signature(of: body, by: "another secret of 32 characters.")
    #expect(try post(body, to: hook, "-H", other, in: platform) == "401")
    #expect(try post(body, to: hook, in: platform) == "401")
    #expect(try post(body + " ", to: hook, "-H", good, in: platform) == "401")
    #expect(try post(body, to: address + "/", "-H", good, in: platform) == "404")
    #expect(try post(body, to: hook, "-H", good, "-X", "PUT", in: platform) == "405")
    let large = String(repeating: "x", count: (1 << 20) + 1)
    #expect(try post(large, to: hook, in: platform) == "413")
    #expect(try post(large, to: hook, "-H", "Transfer-Encoding: chunked", in: platform) == "413")
    #expect(daemon.count(" info webhook\n") == 0, "\(daemon.log)")
    #expect(daemon.count("revision taken") == 1, "\(daemon.log)")
    #expect(!daemon.log.contains(Self.secret))
  }

  @Test func `a body of just 1 MiB is taken, and what is no HTTP does no harm`() throws {
    let (platform, daemon, address) = try scene()
    defer { platform.tearDown() }
    defer { daemon.tearDown() }
    let port = try #require(address.split(separator: ":").last.map(String.init))
    let script =
      "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\\0\\1nonsense\\r\\n\\r\\n' >&3; cat <&3"
    _ = try MusterProgram.run("/bin/bash", ["-c", script], limit: 60)
    // The signature of a body that does not fit into a pipe is GitLab's: the secret itself.
    let body = String(repeating: "x", count: 1 << 20)
    let token = "X-Gitlab-Token: \(Self.secret)"
    #expect(try post(body, to: address + "/webhook", "-H", token, in: platform) == "202")
    try platform.wait(for: "release=v2")
  }

  @Test func `a secret that is missing, short or open to everybody is refused`() throws {
    let platform = try PlatformFixture(runtime: "simulated")
    defer { platform.tearDown() }
    try platform.writeApp("shop")
    try platform.commit()
    let file = platform.folder + "/secret"
    func serve() throws -> MusterProgram.Answer {
      try platform.muster("serve", "--webhook", "127.0.0.1:0", "--webhook-secret", file)
    }
    #expect(try platform.muster("serve", "--webhook", "127.0.0.1:0").code == 64)
    #expect(try serve().code == 2)
    try "short".write(toFile: file, atomically: true, encoding: .utf8)
    try #require(chmod(file, 0o600) == 0)
    let short = try serve()
    #expect(short.code == 2 && short.errors.contains("less than 16 bytes"), "\(short)")
    try #require(chmod(file, 0o604) == 0)
    let open = try serve()
    #expect(open.code == 2 && open.errors.contains("chmod 600"), "\(open)")
  }
}

extension ServingDaemon {
  /// When a step began that its log says to have ended.
  func began(_ action: String, of subject: String) throws -> Date {
    let line = try #require(
      log.split(separator: "\n").first {
        $0.contains("step done action=\(action) ") && $0.contains(" subject=\(subject)")
      }, "\(log)")
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    let ended = try #require(
      line.split(separator: " ").first.flatMap { format.date(from: "\($0)") })
    let match = try #require(line.firstMatch(of: #/milliseconds=(\d+)/#))
    return ended.addingTimeInterval(-(Double(match.output.1) ?? 0) / 1000)
  }
}
