// Addresses of dynos: each controller claims one network of 10.64.0.0/10 for as long as the machine
// is up, and gives each instance an address of it. A claim is a file that all controllers see; it
// is made under a lock that they share, and never covers what the machine routes to somebody else.

import ChildProcesses
import FormationModel
import Glibc
import Synchronization

/// The network of one controller.
struct AddressClaim: Sendable {
  /// All dynos of all controllers.
  static let everyone = IPv4Network(10 << 24 | 64 << 16, bits: 10)
  /// Bits of one controller's network: 4 096 addresses.
  static let bits = 20

  /// The network.
  let network: IPv4Network

  /// The machine's end of every link, and the way out for every dyno.
  var gateway: IPv4 { IPv4(network.first.number + 1) }

  /// The claim of this controller, made now when there is none.
  static func find(_ places: ControllerPlaces) throws(EffectFailure) -> AddressClaim {
    let folder = ControllerPlaces.machine + "/networks"
    try Files.makeFolder(folder)
    let lock = open(folder + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw .lastError("cannot lock \(folder)") }
    defer { close(lock) }
    guard flock(lock, LOCK_EX) == 0 else { throw .lastError("cannot lock \(folder)") }
    let routed = routedNetworks(excluding: places.prefix)
    var free: IPv4Network?
    for network in candidates {
      let file = "\(folder)/\(network.first)"
      if let owner = Files.text(file) {
        if owner == places.controller { return AddressClaim(network: network) }
      } else if free == nil, !routed.contains(where: { $0.overlaps(network) }) {
        free = network
      }
    }
    guard let free else {
      throw EffectFailure(
        "no-network", "every network of \(everyone) is claimed or routed elsewhere",
        fix: "remove claims of controllers that are gone from \(folder)",
        retry: .whenMachineIsMended)
    }
    try Files.write(places.controller.utf8, to: "\(folder)/\(free.first)")
    return AddressClaim(network: free)
  }

  /// Gives the claim back.
  func release() throws(EffectFailure) {
    try Files.remove("\(ControllerPlaces.machine)/networks/\(network.first)")
  }

  private static var candidates: some Sequence<IPv4Network> {
    let step = IPv4Network(everyone.first.number, bits: bits).size
    return (0..<everyone.size / step).lazy.map {
      IPv4Network(everyone.first.number + $0 * step, bits: bits)
    }
  }

  /// What the machine routes, default routes and our own links aside.
  private static func routedNetworks(excluding prefix: String) -> [IPv4Network] {
    (Files.text("/proc/net/route") ?? "").split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: "\t")
      guard fields.count > 7, !fields[0].hasPrefix(prefix),
        let first = UInt32(fields[1], radix: 16), let mask = UInt32(fields[7], radix: 16), mask != 0
      else { return nil }
      return IPv4Network(first.byteSwapped, bits: mask.nonzeroBitCount)
    }
  }
}

/// Which addresses of the claim are in use.
final class AddressPool: Sendable {
  private struct State {
    var inUse: Set<IPv4>
    var last: UInt32 = 0
  }

  private let claim: AddressClaim
  private let state: Mutex<State>

  /// Makes a pool in which some addresses are taken.
  init(_ claim: AddressClaim, inUse: Set<IPv4>) {
    self.claim = claim
    let highest = inUse.filter(claim.network.contains).max()?.number
    let last = highest.map { $0 - claim.network.first.number } ?? 1
    state = Mutex(State(inUse: inUse, last: last))
  }

  /// A free address. Addresses go round, so that one is not used again while the kernel
  /// still tears down the network of its last user.
  func take() throws(EffectFailure) -> IPv4 {
    let address = state.withLock { state -> IPv4? in
      let size = claim.network.size
      for _ in 0..<size {
        state.last = (state.last + 1) % size
        // 0 is the network, 1 the gateway, the last one the broadcast address.
        guard state.last > 1, state.last < size - 1 else { continue }
        let address = IPv4(claim.network.first.number + state.last)
        if state.inUse.insert(address).inserted { return address }
      }
      return nil
    }
    guard let address else {
      throw EffectFailure(
        "no-address", "every address of \(claim.network) is in use", retry: .whenMachineIsMended)
    }
    return address
  }

  /// Takes an address back.
  func giveBack(_ address: IPv4) {
    _ = state.withLock { $0.inUse.remove(address) }
  }
}
