// Gives dynos their cores. The kernel's control groups are the only place where it stands who has
// which: what another Muster left, or this one before it was killed, is read there again.

import FormationModel
import Synchronization

/// Divides the cores of the machine among the dynos of one controller.
final class CoreKeeper: Sendable {
  private let inspection: InstanceInspection
  /// Every record there is; nil when they cannot be listed.
  private let records: @Sendable () -> [InstanceRecord]?
  /// The cores of the machine, and those of them that dynos without their own run on.
  private struct Division {
    let cores: [Int]
    let shared: [Int]
  }

  /// Nil: nobody has looked yet. Held while groups are read and written, so that two starts do not
  /// take the same core.
  private let division = Mutex<Division?>(nil)

  init(_ inspection: InstanceInspection, records: @escaping @Sendable () -> [InstanceRecord]?) {
    self.inspection = inspection
    self.records = records
  }

  /// Gives a container that was made, and does not run yet, its cores.
  func settle(_ record: InstanceRecord) {
    guard let cores = cgroups.coresOfMachine else { return }
    division.withLock { division in
      guard record.cores == 0, let known = division, known.cores == cores else {
        return divide(cores, &division)
      }
      cgroups.give(known.shared, of: cores, to: inspection.cgroup(record))
    }
  }

  /// Gives the cores of an instance that is gone to the others.
  func release(_ record: InstanceRecord) {
    guard record.cores ?? 0 > 0, let cores = cgroups.coresOfMachine else { return }
    division.withLock { divide(cores, &$0) }
  }

  private var cgroups: Cgroups { inspection.cgroups }

  private func divide(_ cores: [Int], _ division: inout Division?) {
    guard let records = records() else { return }
    // Of what an older version started nobody knows what it is due: it keeps what it has.
    let present = records.filter { record in
      record.boot == inspection.places.boot && record.cores != nil && !isOver(record)
    }
    let claims = present.compactMap { record in
      record.cores.flatMap { due -> CoreClaim? in
        guard due > 0 else { return nil }
        let held = cgroups.ownCores(of: inspection.cgroup(record))
        return CoreClaim(id: record.id, due: due, held: held)
      }
    }
    let shares = CoreShares(of: cores, among: claims)
    for record in present {
      cgroups.give(shares.cores(for: record.id), of: cores, to: inspection.cgroup(record))
    }
    division = Division(cores: cores, shared: shares.shared)
  }

  private func isOver(_ record: InstanceRecord) -> Bool {
    if case .exited = inspection.phase(record) { true } else { false }
  }
}

extension Cgroups {
  /// The cores that this machine lets groups have, sorted; nil when it does not divide cores.
  var coresOfMachine: [Int]? {
    guard let folder = place(of: "cpuset") else { return nil }
    let names = ["cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus"]
    let lists = names.lazy.compactMap { Files.text("\(folder)/\($0)").flatMap(CoreList.cores) }
    return lists.first { !$0.isEmpty }
  }

  /// The cores that a group has for itself, sorted: a group that shares has the first one, too.
  func ownCores(of group: String) -> [Int] {
    guard let all = coresOfMachine, let first = all.first, let cores = cores(of: group),
      !cores.isEmpty, !cores.contains(first)
    else { return [] }
    return cores
  }

  /// Lets a group run on these cores of the machine's only. One that is gone needs none; where the
  /// kernel refuses, the group stays as it is, and its weight divides what there is.
  fileprivate func give(_ cores: [Int], of machine: [Int], to group: String) {
    guard let folder = place(of: "cpuset"), let present = self.cores(of: group), present != cores
    else { return }
    // Version 2 says nothing where nothing is kept from the group; so it stays, whatever comes.
    if present.isEmpty && cores == machine { return }
    try? Files.write(CoreList.text(of: cores).utf8, to: "\(folder)\(group)/cpuset.cpus")
  }

  private func cores(of group: String) -> [Int]? {
    place(of: "cpuset").flatMap { Files.text("\($0)\(group)/cpuset.cpus") }
      .flatMap(CoreList.cores)
  }
}
