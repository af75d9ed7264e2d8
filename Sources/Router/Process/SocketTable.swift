// What /proc says of TCP sockets: who listens on a port, and to where a process is connected.

import FormationModel
import Glibc

/// The TCP sockets of a network namespace.
struct SocketTable {
  private struct Row {
    /// Address and port as the kernel prints them.
    let local: Substring
    let remote: Substring
    let state: Substring
    let inode: Substring
  }

  private let rows: [Row]
  private static let established = "01"
  private static let listening = "0A"

  /// Of the namespace that the process is in.
  init(of process: String = "self") {
    rows = ["tcp", "tcp6"].flatMap { name -> [Row] in
      let text = RouterFiles.text("/proc/\(process)/net/\(name)", limit: 64 << 20) ?? ""
      return text.split(separator: "\n").dropFirst().compactMap { line in
        let words = line.split(separator: " ")
        guard words.count > 9 else { return nil }
        return Row(local: words[1], remote: words[2], state: words[3], inode: words[9])
      }
    }
  }

  /// Which of these endpoints the process has a connection to.
  static func connected(_ pid: pid_t, to endpoints: Set<Endpoint>) -> Set<Endpoint> {
    var names: [String: Endpoint] = [:]
    for endpoint in endpoints {
      if let name = name(of: endpoint) { names[name] = endpoint }
    }
    let candidates = SocketTable(of: "\(pid)").rows.filter {
      $0.state == established && names[String($0.remote)] != nil
    }
    if candidates.isEmpty { return [] }
    let open = inodes(of: "\(pid)")
    return Set(
      candidates.filter { open.contains(String($0.inode)) }.compactMap { names[String($0.remote)] })
  }

  /// Who listens on a port, `nginx (process 12)`; nil when /proc does not tell.
  static func listener(port: Int) -> String? {
    let end = ":" + hexadecimal(port)
    let sockets = Set(
      SocketTable().rows.filter { $0.state == listening && $0.local.hasSuffix(end) }
        .map { String($0.inode) })
    if sockets.isEmpty { return nil }
    for process in RouterFiles.names(in: "/proc") where Int(process) != nil {
      if inodes(of: process).isDisjoint(with: sockets) { continue }
      let name = RouterFiles.text("/proc/\(process)/comm")?.filter { $0 != "\n" } ?? "a program"
      return "\(name.printable) (process \(process))"
    }
    return nil
  }

  private static func inodes(of process: String) -> Set<String> {
    let folder = "/proc/\(process)/fd"
    var found: Set<String> = []
    for name in RouterFiles.names(in: folder) {
      var target = [CChar](repeating: 0, count: 64)
      let count = readlink("\(folder)/\(name)", &target, target.count)
      let bytes = target.prefix(max(0, count)).map(UInt8.init(bitPattern:))
      let text = String(decoding: bytes, as: UTF8.self)
      if text.hasPrefix("socket:[") { found.insert(String(text.dropFirst(8).dropLast())) }
    }
    return found
  }

  /// `0100007F:1F90`: each word of the address in the order of the machine.
  private static func name(of endpoint: Endpoint) -> String? {
    let isV6 = endpoint.address.contains(":")
    var words = [UInt32](repeating: 0, count: isV6 ? 4 : 1)
    let count = words.withUnsafeMutableBytes {
      inet_pton(isV6 ? AF_INET6 : AF_INET, endpoint.address, $0.baseAddress)
    }
    guard count == 1 else { return nil }
    let address = words.map { word in
      let text = String(word, radix: 16, uppercase: true)
      return String(repeating: "0", count: 8 - text.count) + text
    }
    return address.joined() + ":" + hexadecimal(endpoint.port)
  }

  private static func hexadecimal(_ port: Int) -> String {
    let text = String(port, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - text.count)) + text
  }
}
