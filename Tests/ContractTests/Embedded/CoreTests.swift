// Cores of their own, on this machine: what the kernel's groups say, through a deploy and a Muster
// that begins anew.

import Effects
import FormationModel
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite(.enabled(if: MachineCores.all.count > 1, "this machine has one core, or divides none"))
  struct CoreTests {
    private func cores(_ fixture: EmbeddedFixture, _ id: InstanceID) throws -> [Int]? {
      let record = try #require(try fixture.embedded.record(of: id))
      let cgroups = fixture.embedded.cgroups
      let group = fixture.embedded.inspection.cgroup(record)
      let folder = try #require(cgroups.place(of: "cpuset"))
      let text = try #require(Files.text("\(folder)\(group)/cpuset.cpus"))
      return CoreList.cores(in: text)
    }

    @Test func `no other dyno runs on them, before or after`() async throws {
      try await withEmbedded { fixture, world in
        let all = MachineCores.all
        let own = Array(all.suffix(1))
        let rest = Array(all.dropLast())
        let (before, busy) = (try world.id(.web, 1), try world.id(.web, 2))
        let after = try world.id(.web, 3)
        try await world.run(before, .runs)
        #expect(try cores(fixture, before) == all)
        try await world.run(busy, command: "exec sleep 1000", size: world.size(dedicatedCores: 1))
        #expect(try cores(fixture, busy) == own)
        #expect(try cores(fixture, before) == rest)
        try await world.run(after, .runs)
        #expect(try cores(fixture, after) == rest)
        let sample = try await world.runtime.measure()
        #expect(sample.instances[busy]?.cores == CoreUse(own: own, due: 1))
        #expect(sample.instances[before]?.cores == nil)
        // The dyno itself sees no other core.
        let seen = try world.id(.web, 4)
        try await world.run(
          seen, command: "grep Cpus_allowed_list /proc/self/status; exec sleep 1000")
        let line = try await world.output(1)[0]
        #expect(CoreList.cores(in: String(line.dropFirst("Cpus_allowed_list:".count))) == rest)
      }
    }

    @Test func `whoever replaces one gets its cores when it is gone`() async throws {
      try await withEmbedded { fixture, world in
        let all = MachineCores.all
        let own = Array(all.dropFirst())
        let (old, new) = (try world.id(.web, 1), try world.id(.web, 1, attempt: 2))
        let size = try world.size(dedicatedCores: own.count)
        try await world.run(old, command: "exec sleep 1000", size: size)
        #expect(try cores(fixture, old) == own)
        try await world.run(new, command: "exec sleep 1000", size: size)
        #expect(try cores(fixture, new) == all, "it boots on them, and on what is shared")
        let other = try world.id(.web, 2)
        try await world.run(other, command: "exec sleep 1000", size: size)
        #expect(try cores(fixture, other) == [all[0]], "it shares")
        #expect(
          try await world.runtime.measure().instances[other]?.cores
            == CoreUse(own: [], due: own.count))
        // Another life of Muster knows nothing but what the kernel has.
        fixture.embedded.forgetMachinery()
        for id in [old, other] {
          #expect(await world.runtime.kill(id) == .done)
          #expect(await world.runtime.remove(id) == .done)
        }
        #expect(try cores(fixture, new) == own)
        #expect(await world.runtime.kill(new) == .done)
        #expect(await world.runtime.remove(new) == .done)
        let last = try world.id(.web, 3)
        try await world.run(last, .runs)
        #expect(try cores(fixture, last) == all)
      }
    }
  }
}

/// The cores of this machine.
private enum MachineCores {
  static let all = Cgroups.onThisMachine().coresOfMachine ?? []
}
