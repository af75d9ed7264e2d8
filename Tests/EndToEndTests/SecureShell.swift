// An sshd of the test's own: on a port of loopback, with its own keys, for this user alone.

import Foundation
import Testing

/// A server that runs Muster for whoever has the key.
final class SecureShell {
  static let program = "/usr/sbin/sshd"

  /// Whether there is one to start.
  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: program) }

  private let folder: String
  private var server: Running?
  private var madeFolder = false
  private(set) var port = 0

  /// `ssh://USER@127.0.0.1:PORT`.
  let user: String
  var address: String { "ssh://\(user)@127.0.0.1:\(port)" }
  /// What `--on` is told to run: ssh with the key and the host that are known here.
  var client: String { folder + "/client" }

  init(in base: String) throws {
    folder = base + "/ssh"
    user = try String(MusterProgram.run("/usr/bin/id", ["-un"]).output.dropLast())
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    for key in ["host", "key"] {
      let made = try MusterProgram.run(
        "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(key)"])
      try #require(made.code == 0, "\(made)")
    }
    // Root's sshd wants this folder; its service makes it, where it runs.
    if geteuid() == 0 { madeFolder = mkdir("/run/sshd", 0o755) == 0 }
    // A port that was free may be taken by the time it is wanted.
    for _ in 0..<5 where server == nil { try start() }
    try #require(server != nil, "no port was free")
  }

  private func start() throws {
    port = try Self.freePort()
    try write(
      """
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(folder)/host
      AuthorizedKeysFile \(folder)/key.pub
      PidFile none
      UsePAM no
      StrictModes no
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      PermitRootLogin prohibit-password
      PrintMotd no
      PrintLastLog no
      SetEnv PATH=\(folder):/usr/bin:/bin HOME=\(folder) LC_ALL=C.UTF-8 TZ=UTC \
      MUSTER_SERVER_FILE=/nonexistent MUSTER_ROUTER=off
      """, to: "config", mode: 0o600)
    try write("#!/bin/sh\nexec \(MusterProgram.path) \"$@\"\n", to: "muster", mode: 0o755)
    try write(
      "#!/bin/sh\nexec ssh -F \(folder)/client.config \"$@\"\n", to: "client", mode: 0o755)
    let known = try String(contentsOfFile: "\(folder)/host.pub", encoding: .utf8)
    try write("[127.0.0.1]:\(port) \(known)", to: "known", mode: 0o600)
    try write(
      """
      IdentityFile \(folder)/key
      IdentitiesOnly yes
      UserKnownHostsFile \(folder)/known
      GlobalKnownHostsFile /dev/null
      StrictHostKeyChecking yes
      BatchMode yes
      LogLevel ERROR

      """, to: "client.config", mode: 0o600)
    // Below a shell: sshd closes the descriptor by which Foundation sees the end of a child.
    let script = #""$0" -D -e -f "$1/config" & echo $! >"$1/pid"; wait"#
    let started = try Running("/bin/sh", ["-c", script, Self.program, folder])
    _ = eventually(within: 30) { started.errors.contains("listening on") || !started.isRunning }
    if started.isRunning { server = started } else { _ = try started.wait() }
  }

  private func write(_ text: String, to name: String, mode: mode_t) throws {
    let path = "\(folder)/\(name)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try #require(chmod(path, mode) == 0)
  }

  private static func freePort() throws -> Int {
    let script =
      "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
    let answer = try MusterProgram.run("/usr/bin/python3", ["-c", script])
    return try #require(Int(answer.output.dropLast()))
  }

  /// Ends it.
  func tearDown() {
    if let server, server.isRunning {
      let pid = OwnDynos.text(folder + "/pid")?.trimmingCharacters(in: .newlines)
      if let pid = pid.flatMap({ Int32($0) }) { kill(pid, SIGKILL) }
      // The shell inherited a mask of signals and hears of nothing.
      kill(server.pid, SIGKILL)
      _ = try? server.wait(limit: 30)
    }
    if madeFolder { rmdir("/run/sshd") }
  }
}
