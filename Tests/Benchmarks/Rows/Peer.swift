// Another's router, from a configuration in Tests/Benchmarks/Peers.

import FormationModel
import Foundation

/// A router, or the origin behind all of them, at work.
final class Peer {
  /// Which one.
  enum Kind: String, CustomStringConvertible {
    case origin, haproxy, nginx, caddy

    var description: String { rawValue == "haproxy" ? "HAProxy by hand" : rawValue }

    fileprivate var file: String {
      switch self {
      case .origin: "origin.cfg"
      case .haproxy: "haproxy.cfg"
      case .nginx: "nginx.conf"
      case .caddy: "Caddyfile"
      }
    }

    fileprivate var program: String {
      switch self {
      case .origin, .haproxy: "/usr/sbin/haproxy"
      case .nginx: "/usr/sbin/nginx"
      case .caddy: "/usr/bin/caddy"
      }
    }
  }

  /// Where it listens.
  let port: Int
  private let pid: pid_t
  private let drain: LogDrain?

  init(_ kind: Kind, apps: [AppName], origin: Int, in parent: String) throws {
    guard FileManager.default.isExecutableFile(atPath: kind.program) else {
      throw Refusal(reason: "\(kind) is not installed: apt-get install \(kind.rawValue)")
    }
    let folder = "\(parent)/\(kind.rawValue)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    port = try Self.freePort()
    let words = ["port": "\(port)", "origin": "\(origin)", "folder": folder]
    let text = try Self.filled(kind, words, apps)
    let path = "\(folder)/\(kind.file)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try apps.map { "\($0).bench \($0)\n" }.joined()
      .write(toFile: folder + "/hosts.map", atomically: true, encoding: .utf8)
    drain = kind == .haproxy ? try LogDrain(at: folder + "/log.sock") : nil
    let arguments =
      switch kind {
      case .origin, .haproxy: ["-db", "-f", path]
      case .nginx: ["-c", path, "-g", "daemon off;"]
      case .caddy: ["run", "--config", path, "--adapter", "caddyfile"]
      }
    pid = try Self.start([kind.program] + arguments, home: folder)
    let port = port
    guard Self.comes({ Self.connects(to: port) }) else {
      end()
      throw Refusal(reason: "\(kind) did not start")
    }
  }

  /// Starts a program in a session of its own, as ours is: the kernel shares out cores among
  /// sessions. Not by Foundation, whose processes are waited for until no child of theirs is left.
  private static func start(_ words: [String], home: String) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, 0x80)  // POSIX_SPAWN_SETSID
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0)
    }
    func list(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
      words.map { strdup($0) } + [nil]
    }
    var arguments = list(words)
    var environment = list(["HOME=\(home)", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
    defer { (arguments + environment).forEach { free($0) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, words[0], &files, &attributes, &arguments, &environment) == 0 else {
      throw Refusal(reason: "\(words[0]) did not start")
    }
    return pid
  }

  /// Whether it comes to be so within some seconds.
  private static func comes(_ isSo: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      if isSo() { return true }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return false
  }

  /// A port of this machine that nobody listens on.
  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    var address = loopback(0)
    let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isKnown else { throw Refusal(reason: "no port is free") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func connects(to port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(UInt16(port))
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// Ends it.
  func end() {
    kill(pid, SIGTERM)
    let pid = pid
    if !Self.comes({ waitpid(pid, nil, WNOHANG) != 0 }) {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    drain?.end()
  }

  /// The configuration, with the part between `#each` and `#end` once for each app.
  private static func filled(
    _ kind: Kind, _ words: [String: String], _ apps: [AppName]
  ) throws -> String {
    var text = try String(contentsOfFile: file(kind.file), encoding: .utf8)
    for (word, value) in words { text = text.replacing("@\(word)@", with: value) }
    let parts = text.components(separatedBy: "#each\n")
    guard parts.count == 2 else { return text }
    let rest = parts[1].components(separatedBy: "#end\n")
    let each = apps.map { rest[0].replacing("@app@", with: $0.rawValue) }.joined()
    return parts[0] + each + rest[1]
  }

  /// A file of the folder of peers.
  static func file(_ name: String) -> String {
    let rows = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return rows.deletingLastPathComponent().appendingPathComponent("Peers/\(name)").path
  }
}
