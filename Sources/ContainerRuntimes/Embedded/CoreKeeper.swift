// Gives dynos their cores. The kernel's control groups are the only place where it stands who has
// which: what another Muster left, or this one before it was killed, is read there again.

import FormationModel
import Synchronization

/// Divides the cores of the machine among the dynos of one controller.
final class CoreKeeper: Sendable {
  private let inspection: InstanceInspection
  /// Every record there is; nil when they cannot be listed.
  private let records: @Sendable () -> [InstanceRecord]?
  /// What dynos without cores of their own run on; nil: nobody has looked yet. Held while groups
  /// are read and written, so that two starts do not take the same core.
  private let shared = Mutex<[Int]?>(nil)

  init(_ inspection: InstanceInspection, records: @escaping @Sendable () -> [InstanceRecord]?) {
    self.inspection = inspection
    self.records = records
  }

  /// Gives a container that was made, and does not run yet, its cores.
  func settle(_ record: InstanceRecord) {
    guard let cores = cgroups.coresOfMachine else { return }
    shared.withLock { shared in
      guard record.cores == nil, let known = shared else { return divide(cores, &shared) }
      if known.count < cores.count { cgroups.give(known, to: inspection.cgroup(record)) }
    }
  }

  /// Gives the cores of an instance that is gone to the others.
  func release(_ record: InstanceRecord) {
    guard record.cores != nil, let cores = cgroups.coresOfMachine else { return }
    shared.withLock { divide(cores, &$0) }
  }

  private var cgroups: Cgroups { inspection.cgroups }

  private func divide(_ cores: [Int], _ shared: inout [Int]?) {
    guard let records = records() else { return }
    let present = records.filter { $0.boot == inspection.places.boot && !isOver($0) }
    let claims = present.compactMap { record in
      record.cores.map { due in
        CoreClaim(id: record.id, due: due, held: cgroups.ownCores(of: inspection.cgroup(record)))
      }
    }
    let shares = CoreShares(of: cores, among: claims)
    for record in present {
      let own = shares.own[record.id] ?? []
      cgroups.give(own.isEmpty ? shares.shared : own, to: inspection.cgroup(record))
    }
    shared = shares.shared
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

  /// Lets a group run on these cores only. One that is gone needs none; where the kernel refuses,
  /// the group stays as it is, and its weight divides what there is.
  fileprivate func give(_ cores: [Int], to group: String) {
    guard let folder = place(of: "cpuset"), self.cores(of: group) != cores else { return }
    try? Files.write(CoreList.text(of: cores).utf8, to: "\(folder)\(group)/cpuset.cpus")
  }

  private func cores(of group: String) -> [Int]? {
    place(of: "cpuset").flatMap { Files.text("\($0)\(group)/cpuset.cpus") }
      .flatMap(CoreList.cores)
  }
}
