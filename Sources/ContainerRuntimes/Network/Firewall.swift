// The rules between dynos, the machine and the world, in chains of this controller's own. Dynos
// reach the world, and nothing of this machine; the machine reaches dynos.

import ChildProcesses
import FormationModel
import Glibc

/// iptables' chains of one controller.
struct Firewall: Sendable {
  /// How the interfaces of this controller's dynos begin.
  let prefix: String
  /// The network of its dynos.
  let network: IPv4Network
  private let save: String
  private let restore: String

  /// Finds an iptables that this kernel answers: the machine's default, or else the legacy one.
  static func find(prefix: String, network: IPv4Network) throws(EffectFailure) -> Firewall {
    for kind in ["iptables", "iptables-legacy"] {
      guard let save = MachineTools.path(of: kind + "-save"),
        let restore = MachineTools.path(of: kind + "-restore")
      else { continue }
      let firewall = Firewall(prefix: prefix, network: network, save: save, restore: restore)
      if firewall.tables.allSatisfy(firewall.isAccepted) { return firewall }
    }
    throw EffectFailure(
      "no-firewall", "no iptables works on this machine, so dynos could not be kept apart",
      fix: "apt-get install iptables", retry: .whenMachineIsMended)
  }

  private var incoming: String { "MUSTER-\(prefix)-IN" }
  private var forwarded: String { "MUSTER-\(prefix)-FWD" }
  private var outgoing: String { "MUSTER-\(prefix)-NAT" }

  private struct Table {
    let name: String
    let chains: [String]
    let rules: [String]
    let jumps: [String]
  }

  private var tables: [Table] {
    let answers = "-m conntrack --ctstate RELATED,ESTABLISHED"
    return [
      Table(
        name: "filter", chains: [incoming, forwarded],
        rules: [
          "\(incoming) \(answers) -j ACCEPT",
          "\(incoming) -j DROP",
          "\(forwarded) \(answers) -j ACCEPT",
          "\(forwarded) -o \(prefix)+ -j DROP",
          "\(forwarded) -d \(AddressClaim.everyone) -j DROP",
          "\(forwarded) -d 169.254.0.0/16 -j DROP",
          "\(forwarded) ! -s \(network) -j DROP",
          "\(forwarded) -j ACCEPT",
        ],
        jumps: [
          "INPUT -i \(prefix)+ -j \(incoming)",
          "FORWARD -i \(prefix)+ -j \(forwarded)",
          "FORWARD -o \(prefix)+ -j \(forwarded)",
        ]),
      Table(
        name: "nat", chains: [outgoing],
        rules: ["\(outgoing) -o \(prefix)+ -j RETURN", "\(outgoing) -j MASQUERADE"],
        jumps: ["POSTROUTING -s \(network) -j \(outgoing)"]),
    ]
  }

  /// The program that changes rules.
  var program: String { restore }

  /// Whether the kernel knows everything that a table's rules need; changes nothing.
  private func isAccepted(_ table: Table) -> Bool {
    let lines = table.chains.map { ":\($0) - [0:0]" } + table.rules.map { "-A " + $0 }
    var command = Command(restore, ["--test", "--noflush", "-w", "10"])
    command.input = text(table, lines)
    return (try? command.run())?.code == 0
  }

  /// Makes the rules unless they are there, and then lets the machine forward.
  func ensure() throws(EffectFailure) {
    for table in tables {
      let present = try lines(of: table)
      if present.count == table.rules.count + table.jumps.count { continue }
      let stale = jumps(in: present, of: table).map { "-D" + $0.dropFirst(2) }
      try apply(
        table,
        table.chains.map { ":\($0) - [0:0]" } + stale + table.rules.map { "-A " + $0 }
          + table.jumps.map { "-I " + $0 })
    }
    try Forwarding().ensure()
  }

  /// Removes the rules and the chains.
  func remove() throws(EffectFailure) {
    for table in tables {
      let present = try lines(of: table, withChains: true)
      if present.isEmpty { continue }
      let chains = table.chains.filter { chain in present.contains { $0.hasPrefix(":\(chain) ") } }
      try apply(
        table,
        jumps(in: present, of: table).map { "-D" + $0.dropFirst(2) } + chains.map { "-F " + $0 }
          + chains.map { "-X " + $0 })
    }
  }

  /// The saved lines that name one of our chains.
  private func lines(of table: Table, withChains: Bool = false) throws(EffectFailure) -> [String] {
    let text = try Command(save, ["-t", table.name]).succeed("cannot read the firewall")
    return text.split(separator: "\n").map(String.init).filter { line in
      (line.hasPrefix("-A ") || withChains && line.hasPrefix(":"))
        && table.chains.contains { line.contains($0) }
    }
  }

  private func jumps(in lines: [String], of table: Table) -> [String] {
    lines.filter { line in
      line.hasPrefix("-A ") && !table.chains.contains { line.hasPrefix("-A \($0) ") }
    }
  }

  private func apply(_ table: Table, _ lines: [String]) throws(EffectFailure) {
    var command = Command(restore, ["--noflush", "-w", "10"])
    command.input = text(table, lines)
    try command.succeed("cannot change the firewall", retry: .whenMachineIsMended)
  }

  private func text(_ table: Table, _ lines: [String]) -> [UInt8] {
    Array((["*\(table.name)"] + lines + ["COMMIT", ""]).joined(separator: "\n").utf8)
  }
}
