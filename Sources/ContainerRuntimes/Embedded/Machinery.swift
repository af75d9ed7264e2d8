// Everything that mutating calls need of the machine, found once: programs, cgroups, the claim of
// addresses, the firewall. Observing needs none of it.

import FormationModel
import Glibc
import Synchronization

/// The parts of the machine that this runtime works with.
final class Machinery: Sendable {
  /// How long a look at the firewall holds good.
  private static let firewallTrust = Duration.seconds(10)

  let oci: OCIRuntime
  let conmon: Conmon
  let network: DynoNetwork
  let addresses: AddressPool
  let cores: CoreKeeper
  let firewall: Firewall
  let claim: AddressClaim
  let seccomp: SeccompProfile
  private let countsSwap: Bool
  private let openFiles: UInt64
  private let state: String
  private let checkedFirewall = Mutex<ContinuousClock.Instant?>(nil)

  /// Finds everything. `records` are those that are there already.
  init(
    _ places: ControllerPlaces, cgroups: Cgroups, choice: OCIRuntimeChoice,
    records: [InstanceRecord], monitors: MonitorChildren, cores: CoreKeeper
  ) throws(EffectFailure) {
    guard geteuid() == 0 else {
      throw EffectFailure(
        "no-permission", "the embedded runtime needs root", fix: "run it with sudo",
        retry: .whenMachineIsMended)
    }
    guard let seccomp = SeccompProfile.dyno else {
      throw EffectFailure("seccomp", "the seccomp profile is broken", retry: .whenMachineIsMended)
    }
    self.seccomp = seccomp
    oci = try OCIRuntime.find(choice, cgroups: cgroups, root: places.oci)
    conmon = Conmon(
      program: try MachineTools.require("conmon", package: "conmon"), children: monitors)
    try places.make()
    try InstanceFolder.sweep(places)
    claim = try AddressClaim.find(places)
    network = DynoNetwork(
      program: try MachineTools.require("ip", package: "iproute2"), gateway: claim.gateway)
    firewall = try Firewall.find(prefix: places.prefix, network: claim.network)
    addresses = AddressPool(claim, inUse: Set(records.compactMap { IPv4($0.address) }))
    var openFiles = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &openFiles)
    self.openFiles = UInt64(openFiles.rlim_max)
    self.cores = cores
    countsSwap = cgroups.countsSwap
    state = places.state
  }

  /// What the machine can do now: swap comes and goes.
  var limits: Bundle.Machine {
    Bundle.Machine(
      countsSwap: countsSwap, swapBytes: SwapSpace.bytes, openFiles: openFiles,
      diskBytes: Files.capacity(at: state) ?? 0)
  }

  /// Makes the firewall's rules unless they were seen a moment ago.
  func ensureFirewall() throws(EffectFailure) {
    // One at a time, so that four first starts make one set of rules.
    let failure = checkedFirewall.withLock { checked -> EffectFailure? in
      if let checked, ContinuousClock.now - checked < Machinery.firewallTrust { return nil }
      do throws(EffectFailure) {
        try firewall.ensure()
        checked = .now
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Forgets that the firewall's rules were seen.
  func forgetFirewall() { checkedFirewall.withLock { $0 = nil } }
}
