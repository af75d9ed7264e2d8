// Whether something listens on a dyno's port, told from the kernel's tables of its network
// namespace: no connection is made, so no app sees one.

import FormationModel
import Glibc

/// Looks for listening sockets.
enum PortProbe {
  /// Who can reach a listening port.
  enum Reach {
    /// Nobody: nothing listens.
    case nobody
    /// Only the dyno itself.
    case loopback
    /// The machine, and so the router.
    case everyone
  }

  private static let listening = "0A"

  /// Who can reach the port in the network of that process.
  static func reach(port: Int, at address: IPv4, of process: pid_t) -> Reach {
    let tables = ["tcp", "tcp6"].compactMap { Files.text("/proc/\(process)/net/\($0)") }
    return reach(port: port, at: address, tables: tables)
  }

  /// The same from the text of /proc/PID/net/tcp and tcp6.
  static func reach(port: Int, at address: IPv4, tables: [String]) -> Reach {
    var reach = Reach.nobody
    for line in tables.flatMap({ $0.split(separator: "\n").dropFirst() }) {
      let fields = line.split(separator: " ")
      guard fields.count > 3, fields[3] == listening else { continue }
      let local = fields[1].split(separator: ":")
      guard local.count == 2, Int(local[1], radix: 16) == port else { continue }
      if isReachable(local[0], address) { return .everyone }
      reach = .loopback
    }
    return reach
  }

  /// The tables have addresses as 32-bit words in the machine's byte order, in hexadecimal.
  private static func isReachable(_ hexadecimal: Substring, _ address: IPv4) -> Bool {
    if hexadecimal.allSatisfy({ $0 == "0" }) { return true }
    // IPv4 within IPv6, ::ffff:a.b.c.d, ends with the IPv4 address.
    let mapped = hexadecimal.count == 32 && hexadecimal.dropFirst(16).hasPrefix("FFFF0000")
    guard hexadecimal.count == 8 || mapped, let word = UInt32(hexadecimal.suffix(8), radix: 16)
    else { return false }
    let local = IPv4(UInt32(bigEndian: word))
    return local == address || local.number == 0
  }
}
