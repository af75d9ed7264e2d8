// What has to stand on the machine after whatever was done to Muster, and how a test sees that it
// does: no dyno too many, none that was right and is another one now, nothing left over.

import Foundation
import Testing

/// A formation: the release of each dyno, by `app type.number`.
typealias Formation = [String: Int]

/// The name of an instance on this machine: `tiny.web.1.v2.1`.
struct InstanceName: Hashable {
  let app: String
  /// `web.1`
  let dyno: String
  let release: Int

  init?(_ text: String) {
    let parts = text.split(separator: ".")
    guard parts.count == 5, let release = Int(parts[3].dropFirst()) else { return nil }
    app = String(parts[0])
    dyno = "\(parts[1]).\(parts[2])"
    self.release = release
  }

  /// Whether a formation asks for it.
  func isWanted(by formation: Formation) -> Bool { formation["\(app) \(dyno)"] == release }
}

extension PlatformFixture {
  /// What stands on the machine, whatever Muster says of it.
  func formation() -> Formation {
    let names = dynos.processes.keys.compactMap(InstanceName.init)
    return Formation(names.map { ("\($0.app) \($0.dyno)", $0.release) }) { max($0, $1) }
  }

  /// The first processes of the instances that a formation asks for.
  func processes(of formation: Formation) -> [String: Int32] {
    dynos.firstProcesses.filter { InstanceName($0.key)?.isWanted(by: formation) == true }
  }

  /// Expects this formation on the machine, and nothing else in any form.
  func expectWhole(
    _ formation: Formation, _ point: String, location: SourceLocation = #_sourceLocation
  ) {
    let number = formation.count
    let whole = OwnDynos.Count(
      records: number, running: number, monitors: number, links: number, groups: number)
    #expect(
      eventually(within: 5) { dynos.count == whole && self.formation() == formation },
      "\(point): \(formation) \(dynos.count) \(dynos.records)", sourceLocation: location)
  }

  /// Expects that another Muster finds nothing to do.
  func expectNoChanges(_ point: String, location: SourceLocation = #_sourceLocation) throws {
    let plan = try muster("plan")
    #expect(
      plan.output.contains(#/No changes\.|Plan: 0 to start, 0 to stop, 0 to replace/#),
      "\(point), planned again: \(plan)", sourceLocation: location)
  }

  /// Expects that each of these is still the same process.
  func expectUntouched(
    _ processes: [String: Int32], _ point: String, location: SourceLocation = #_sourceLocation
  ) {
    let now = dynos.firstProcesses
    for (id, process) in processes.sorted(by: { $0.key < $1.key }) {
      #expect(
        now[id] == process, "\(point): \(id) was right and is another one, or none, now",
        sourceLocation: location)
    }
  }

  /// Expects that no dyno is there more often than a replacement needs: a worker once, a web dyno
  /// twice.
  func expectNoneDoubled(_ point: String, location: SourceLocation = #_sourceLocation) {
    let names = dynos.processes.keys.sorted().compactMap(InstanceName.init)
    for (dyno, instances) in Dictionary(grouping: names, by: { "\($0.app) \($0.dyno)" }) {
      let most = dyno.contains(" web.") ? 2 : 1
      #expect(instances.count <= most, "\(point): \(instances)", sourceLocation: location)
    }
  }

  /// How often a line was written by dynos, as the files say that their monitors wrote.
  func count(ofLoggedLine line: String) throws -> Int {
    let folder = state + "/logs"
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects ?? []
    return names.compactMap { $0 as? String }.filter { $0.contains(".log") }.map { name in
      (OwnDynos.text("\(folder)/\(name)") ?? "").split(separator: "\n")
        .count { $0.hasSuffix(" \(line)") }
    }.reduce(0, +)
  }
}
