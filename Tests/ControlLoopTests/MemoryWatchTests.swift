// When a dyno that holds more memory than its type has is told of.

import Effects
import FormationModel
import Testing

@testable import ControlLoop

@Suite struct MemoryWatchTests {
  private let start = LoopTime(milliseconds: 1_000_000_000)

  private func dyno() throws -> ObservedInstance {
    let digest = ContentDigest(rawValue: "ab")
    let name = try #require(CatalogName(rawValue: "standard-1x"))
    let size = DynoType(
      name: name, tier: .standard, memoryBytes: 512 << 20, memoryKillBytes: 1 << 30, cpuShare: 1,
      dedicatedCores: nil, processLimit: 256, sleeps: false, monthlyCents: nil)
    let content = ReleaseContent(
      digest: digest,
      slug: SlugReference(digest: digest, revision: RevisionID(rawValue: "c0ffee"), folder: ""),
      stack: StackReference(
        stack: Stack(name: name, source: .busybox, shell: "/bin/sh"), digest: digest),
      commands: [], config: [])
    let process = DesiredProcess(type: .web, command: "serve", quantity: 1, size: name)
    let app = try #require(AppName(rawValue: "shop"))
    return ObservedInstance(
      id: InstanceID(slot: SlotID(app, .web, 1), release: 1, attempt: 1), phase: .running,
      form: InstanceForm(content: content, process: process, size: size))
  }

  /// What is told when the dyno uses that memory, so many minutes after the start.
  private func told(
    _ watch: inout MemoryWatch, _ memory: MemoryUse, minutes: Int = 0
  ) throws -> [String] {
    let dyno = try dyno()
    let sample = MachineSample(
      instant: .zero, machine: MachineCapacity(cores: 2, memoryBytes: 1, availableBytes: 1),
      instances: [
        dyno.id: InstanceSample(
          memory: memory, cpuTime: .zero, throttledTime: nil, processes: 1, tasks: 1,
          taskLimit: nil, pressure: nil)
      ])
    let events = watch.events(
      sample, of: [dyno], at: start + .seconds(minutes * 60), revision: nil)
    #expect(events.allSatisfy { $0.subject == "web.1" && $0.reason == "DynoOverMemory" })
    return events.map(\.message)
  }

  private let over = MemoryUse(rss: 600 << 20)
  private let lines = [
    "Process running mem=600M(117.1%)", "Error R14 (Memory quota exceeded)",
  ]

  @Test func `more than the quota is told as Heroku does`() throws {
    var watch = MemoryWatch()
    #expect(try told(&watch, MemoryUse(rss: 512 << 20)) == [])
    #expect(try told(&watch, over) == lines)
  }

  @Test func `what was swapped out and files in memory count, other files do not`() throws {
    var watch = MemoryWatch()
    #expect(try told(&watch, MemoryUse(rss: 400 << 20, cache: 500 << 20)) == [])
    let held = MemoryUse(
      rss: 400 << 20, cache: 500 << 20, swap: 100 << 20, inFiles: 100 << 20)
    #expect(try told(&watch, held) == lines)
  }

  @Test func `it is told again after an hour, also when it goes up and down`() throws {
    var watch = MemoryWatch()
    #expect(try told(&watch, over) == lines)
    #expect(try told(&watch, over, minutes: 1) == [])
    #expect(try told(&watch, MemoryUse(rss: 1 << 20), minutes: 20) == [])
    #expect(try told(&watch, over, minutes: 40) == [])
    #expect(try told(&watch, over, minutes: 60) == lines)
    // A clock that goes back does not make it silent.
    #expect(try told(&watch, over, minutes: 10) == lines)
  }
}
