// The link of one dyno: a veth pair between the container's own network namespace and the machine,
// routed by one address, without a bridge. The kernel removes it with the namespace.

import ChildProcesses
import FormationModel
import Glibc

/// Makes and removes links.
struct DynoNetwork: Sendable {
  /// The path of `ip`.
  let program: String
  /// The machine's address on every link.
  let gateway: IPv4

  /// Connects the namespace of a process that waits to be started.
  func connect(_ pid: pid_t, interface: String, address: IPv4) throws(EffectFailure) {
    let namespace = open("/proc/\(pid)/ns/net", O_RDONLY | O_CLOEXEC)
    guard namespace >= 0 else { throw .lastError("cannot open the network of process \(pid)") }
    defer { close(namespace) }
    // No IPv6 on the link: it has no rules, so it gets no addresses.
    try batch(
      """
      link add \(interface) type veth peer name eth0 netns \(pid)
      link set \(interface) addrgenmode none
      link set \(interface) up
      addr add \(gateway)/32 dev \(interface)
      route add \(address)/32 dev \(interface)

      """, network: nil)
    try? Files.write("1\n".utf8, to: "/proc/sys/net/ipv6/conf/\(interface)/disable_ipv6")
    try batch(
      """
      link set lo up
      link set eth0 addrgenmode none
      addr add \(address)/32 dev eth0
      link set eth0 up
      route add \(gateway)/32 dev eth0
      route add default via \(gateway) dev eth0

      """, network: namespace)
  }

  /// Removes a link that outlived its container; one that is not there is fine.
  func disconnect(_ interface: String) throws(EffectFailure) {
    guard DynoNetwork.exists(interface) else { return }
    _ = try Command(program, ["link", "delete", interface]).run()
    guard !DynoNetwork.exists(interface) else {
      throw EffectFailure("link", "cannot remove the link \(interface)", retry: .later)
    }
  }

  /// Whether the machine has an interface of that name.
  static func exists(_ interface: String) -> Bool { Files.exists("/sys/class/net/\(interface)") }

  private func batch(_ lines: String, network: Int32?) throws(EffectFailure) {
    var command = Command(program, ["-batch", "-"])
    command.input = Array(lines.utf8)
    command.network = network
    try command.succeed("cannot set up the network", retry: .afterObserving)
  }
}
