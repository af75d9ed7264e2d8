// Specs of the contract's dynos.

import ChildProcesses
import FormationModel
import Testing

extension ContractWorld {
  /// The dyno type of the tests.
  func size(
    memoryMegabytes: Int64 = 64, ceilingMegabytes: Int64? = nil, processLimit: Int = 32,
    cpuShare: Int = 1, dedicatedCores: Int? = nil
  ) throws -> DynoType {
    DynoType(
      name: try #require(CatalogName(rawValue: "test-1x")), tier: .standard,
      memoryBytes: memoryMegabytes << 20,
      memoryKillBytes: (ceilingMegabytes ?? memoryMegabytes) << 20, cpuShare: cpuShare,
      dedicatedCores: dedicatedCores, processLimit: processLimit, sleeps: false, monthlyCents: nil)
  }

  /// A spec of the test's app.
  func spec(
    _ id: InstanceID, command: String, crashes: Int = 0, size: DynoType? = nil,
    tcpPort: Int? = nil, session: SessionForm? = nil
  ) throws -> InstanceSpec {
    let size = try size ?? self.size()
    let content = ReleaseContent(
      digest: ContentDigest(rawValue: String(repeating: "ab", count: 32)), slug: slug.reference,
      stack: stack,
      commands: [ReleaseCommand(type: id.slot.process, command: command)], config: [])
    let process = DesiredProcess(
      type: id.slot.process, command: command, quantity: 1, size: size.name)
    return InstanceSpec(
      id: id, content: content, command: command, size: size, stopTimeout: .seconds(30),
      tcpPort: tcpPort, crashes: crashes,
      form: InstanceForm(content: content, process: process, size: size), session: session)
  }
}
