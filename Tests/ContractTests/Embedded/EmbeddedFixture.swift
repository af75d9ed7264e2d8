// The embedded runtime in a state folder and under a controller id of its own.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

/// An embedded runtime with a busybox stack.
struct EmbeddedFixture: RuntimeFixture {
  let controller: String
  let folder: String
  let embedded: EmbeddedRuntime
  let stack: StackReference
  let choice: OCIRuntimeChoice

  /// Whether this process may run it, and why not.
  static let unavailable: String? = {
    guard geteuid() == 0 else { return "the embedded runtime needs root" }
    let tools = ["conmon", "ip", "busybox"].filter { MachineTools.path(of: $0) == nil }
    return tools.isEmpty ? nil : "not installed: \(tools.joined(separator: ", "))"
  }()

  init(
    _ choice: OCIRuntimeChoice = .automatic, logPolicy: LogPolicy = LogPolicy()
  ) async throws {
    let number = UInt32.random(in: 0..<UInt32.max)
    controller = "test-\(String(number, radix: 16))"
    folder = FileManager.default.temporaryDirectory.path + "/muster-\(controller)"
    self.choice = choice
    embedded = try EmbeddedRuntime(
      controller: controller, stateFolder: folder, logPolicy: logPolicy, ociRuntime: choice)
    let busybox = Stack(
      name: try #require(CatalogName(rawValue: "busybox")), source: .busybox, shell: "/bin/sh")
    stack = try await StackResolver().resolve(busybox)
  }

  var runtime: any ContainerRuntime { embedded }
  var runsCommands: Bool { true }

  func command(_ behaviour: DynoBehaviour) -> String {
    switch behaviour {
    case .runs: "exec sleep 1000"
    case .ignoresStop: "trap '' TERM; echo settled; while true; do sleep 1000; done"
    case .exits(let code): "exit \(code)"
    }
  }

  func settle(_ id: InstanceID) async throws {
    let app = try #require(id.slot.app)
    try await eventually("\(id) has settled") {
      try await embedded.logs(LogQuery(app: app, count: 1)).isEmpty ? nil : true
    }
  }

  func reopened() throws -> any ContainerRuntime { try again() }

  /// The same runtime once more, as after a restart of Muster.
  func again() throws -> EmbeddedRuntime {
    try EmbeddedRuntime(controller: controller, stateFolder: folder, ociRuntime: choice)
  }

  /// Lets a dyno run on one core only, where the machine divides cores.
  func confineToOneCore(_ id: InstanceID) throws {
    let cgroups = embedded.cgroups
    guard let core = cgroups.coresOfMachine?.last, let folder = cgroups.place(of: "cpuset") else {
      return
    }
    let record = try #require(try embedded.record(of: id))
    let group = embedded.inspection.cgroup(record)
    try Files.write("\(core)".utf8, to: "\(folder)\(group)/cpuset.cpus")
  }

  func tearDown() async {
    if case .complete(let formation) = await embedded.observe() {
      for instance in formation.instances {
        #expect(await embedded.kill(instance.id) == .done)
        #expect(await embedded.remove(instance.id) == .done)
      }
      for stray in formation.unproven { print("left by a test: \(stray.story)") }
    }
    #expect(await embedded.tearDown() == .done)
    try? FileManager.default.removeItem(atPath: folder)
  }
}
