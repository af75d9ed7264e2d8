// How a dyno resolves names: its own hosts file, and the machine's upstream name servers.

import FormationModel

/// Contents of /etc/hosts and /etc/resolv.conf.
enum NameFiles {
  /// The hosts file of a dyno.
  static func hosts(_ address: String, name: String) -> String {
    "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n\(address) \(name)\n"
  }

  /// The machine's resolvers. One that listens on loopback cannot be reached from a dyno: then the
  /// servers behind systemd's resolver are taken.
  static func resolvers() -> String {
    let own = lines(of: "/etc/resolv.conf")
    let usable = own.filter { !isLoopback($0) }
    if usable.contains(where: { $0.hasPrefix("nameserver") }) { return join(usable) }
    return join(lines(of: "/run/systemd/resolve/resolv.conf").filter { !isLoopback($0) })
  }

  private static func lines(of path: String) -> [String] {
    (Files.text(path) ?? "").split(separator: "\n").map(String.init).filter { line in
      ["nameserver ", "search ", "options "].contains { line.hasPrefix($0) }
    }
  }

  private static func isLoopback(_ line: String) -> Bool {
    line.hasPrefix("nameserver 127.") || line.hasPrefix("nameserver ::1")
  }

  private static func join(_ lines: [String]) -> String {
    lines.map { $0 + "\n" }.joined()
  }
}
