// What a dyno cannot do, tried from inside.

import Effects
import FormationModel
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct HardeningTests {
    @Test func `a dyno has no privileges, and cannot get any`() async throws {
      try await withEmbedded { _, world in
        let command = """
          fields='^(CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):'
          grep -E "$fields" /proc/self/status | tr -d '\\t '
          id -u; id -un; ulimit -n; ulimit -c
          """
        try await world.run(world.id(), command: command)
        let lines = try await world.output(10)
        let none = String(repeating: "0", count: 16)
        #expect(
          lines == [
            "CapPrm:" + none, "CapEff:" + none, "CapBnd:" + none, "CapAmb:" + none,
            "NoNewPrivs:1", "Seccomp:2", "\(DynoUser.id)", "dyno", "10000", "0",
          ])
      }
    }

    @Test func `the stack is read-only, the dyno's own disk is not`() async throws {
      try await withEmbedded { _, world in
        let command = """
          for file in /x /etc/x /bin/x /proc/sys/x /sys/x /etc/hosts; do
            if (echo x >$file) 2>/dev/null; then echo "wrote $file"; fi
          done
          for file in /app/x /tmp/x /run/x /dev/shm/x; do
            if (echo x >$file) 2>/dev/null; then echo "own $file"; fi
          done
          cat /proc/kcore 2>/dev/null | head -c 1 | wc -c
          """
        try await world.run(world.id(), command: command)
        #expect(
          try await world.output(5) == [
            "own /app/x", "own /tmp/x", "own /run/x", "own /dev/shm/x", "0",
          ])
      }
    }

    @Test func `new namespaces, mounts and device nodes are refused`() async throws {
      try await withEmbedded { _, world in
        let command = """
          unshare -U true 2>/dev/null || echo no user namespace
          unshare -m true 2>/dev/null || echo no mount namespace
          mount -t tmpfs none /tmp 2>/dev/null || echo no mount
          mknod /tmp/null c 1 3 2>/dev/null || echo no device
          chroot / true 2>/dev/null || echo no chroot
          """
        try await world.run(world.id(), command: command)
        let expected = ["user namespace", "mount namespace", "mount", "device", "chroot"]
        #expect(try await world.output(5) == expected.map { "no " + $0 })
      }
    }

    @Test func `processes stop at the limit`() async throws {
      try await withEmbedded { fixture, world in
        // A shell that cannot fork gives up: the bomb is a shell of its own, and the one that
        // stays needs no other program.
        let command = "(while :; do sleep 1000 & done) 2>/dev/null; while :; do :; done"
        let id = try world.id()
        try await world.run(id, command: command, size: world.size(processLimit: 20))
        let record = try #require(try fixture.embedded.record(of: id))
        let inspection = fixture.embedded.inspection
        let group = inspection.cgroup(record)
        try await eventually("the limit is reached") {
          fixture.embedded.cgroups.processes(in: group).count >= 19 ? true : nil
        }
        #expect(fixture.embedded.cgroups.processes(in: group).count <= 20)
        // The machine answers, and so do its dynos.
        try await world.run(world.id(.web, 2), command: "echo here; exec sleep 1000")
        #expect(try await world.output(1) == ["here"])
      }
    }

    @Test func `memory stops at the ceiling, and the exit says so`() async throws {
      try await withEmbedded { _, world in
        let id = try world.id()
        let other = try world.id(.web, 2)
        try await world.run(other, .runs)
        try await world.run(
          id, command: "head -c 200m /dev/zero | tail -c 190m >/dev/null",
          size: world.size(memoryMegabytes: 32))
        let exit = try await world.exit(id)
        #expect(exit.outOfMemory)
        #expect(exit.code != 0)
        #expect(!Files.exists("oom"))
        #expect(try await world.phase(other) == .running)
      }
    }

    @Test func `a part that is ended for its memory is seen, and the rest can be ended`()
      async throws
    {
      try await withEmbedded { _, world in
        let id = try world.id()
        let other = try world.id(.web, 2)
        try await world.run(other, .runs)
        try await world.run(
          id, command: "tail /dev/zero; sleep 1000", size: world.size(memoryMegabytes: 32))
        try await eventually("it is seen") {
          try await world.seen(id)?.hasRunOutOfMemory == true ? true : nil
        }
        #expect(try await world.phase(id) == .running, "the rest runs on")
        #expect(try await world.runtime.measure().instances[id]?.hasRunOutOfMemory == true)
        #expect(try await world.seen(other)?.hasRunOutOfMemory == false)
        #expect(await world.runtime.kill(id) == .done)
        let exit = try await world.exit(id)
        #expect(exit.outOfMemory && !exit.requested && exit.code == 137)
      }
    }

    @Test func `what two busy dynos get is as their weights say`() async throws {
      try await withEmbedded { fixture, world in
        let (light, heavy) = (try world.id(.web, 1), try world.id(.web, 2))
        for (id, share) in [(light, 1), (heavy, 2)] {
          try await world.run(
            id, command: "while :; do :; done", size: world.size(cpuShare: share))
          try fixture.confineToOneCore(id)
        }
        // Whatever else the machine does on that core, it takes from both alike.
        var ratios: [Double] = []
        var first = try await world.runtime.measure()
        try await eventually("twice as much, within a tenth") { () -> Bool? in
          let second = try await world.runtime.measure()
          let window = SampleWindow(from: first, to: second)
          guard window.length > .seconds(3) else { return nil }
          first = second
          let one = try #require(window.cpuShare(of: light))
          let two = try #require(window.cpuShare(of: heavy))
          ratios.append(two / max(one, 0.001))
          if ratios.count > 6 { throw ContractFailure("the ratios are \(ratios)") }
          return (1.8...2.2).contains(two / max(one, 0.001)) ? true : nil
        }
      }
    }

    @Test func `a dyno beyond its memory and below its ceiling runs on`() async throws {
      try await withEmbedded { _, world in
        // Heroku: R14 warns, R15 kills.
        try await world.run(
          world.id(), command: "head -c 80m /dev/zero | tail -c 70m | wc -c",
          size: world.size(memoryMegabytes: 48, ceilingMegabytes: 128))
        #expect(try await world.exit(world.id()).code == 0)
        #expect(try await world.output(1) == ["\(70 << 20)"])
      }
    }

    @Test func `the processor is shared by the dyno type's weight`() async throws {
      try await withEmbedded { fixture, world in
        let mounts = fixture.embedded.cgroups.mounts
        for (ordinal, share) in [(1, 1), (2, 12), (3, 100)] {
          let id = try world.id(.web, ordinal)
          try await world.run(id, command: "exec sleep 1000", size: world.size(cpuShare: share))
          let record = try #require(try fixture.embedded.record(of: id))
          let group = fixture.embedded.inspection.cgroup(record)
          let shares = mounts.compactMap { Files.text("\($0)\(group)/cpu.shares") }.first
          let weight = mounts.compactMap { Files.text("\($0)\(group)/cpu.weight") }.first
          // Version 2 counts from 1 to 10 000 what version 1 counts from 2 to 262 144.
          let expected = shares == nil ? 1 + (share * 1024 - 2) * 9999 / 262_142 : share * 1024
          #expect((shares ?? weight) == "\(expected)\n")
        }
      }
    }

    @Test func `a full /tmp is an error for who writes, and takes no disk`() async throws {
      try await withEmbedded { fixture, world in
        let command = """
          dd if=/dev/zero of=/tmp/big bs=1M count=40 2>&1 | grep -o 'No space left'
          wc -c </tmp/big; rm /tmp/big; echo fits >/tmp/small && cat /tmp/small
          """
        let id = try world.id()
        try await world.run(id, command: command, size: world.size(memoryMegabytes: 64))
        #expect(try await world.output(3) == ["No space left", "\(32 << 20)", "fits"])
        #expect(try await world.exit(id).code == 0)
        #expect(!Files.exists(InstanceFolder(id, in: fixture.embedded.places).path + "/tmp"))
      }
    }

    @Test func `no file grows without end, and who wrote most can be told`() async throws {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(
          id, command: "ulimit -f; dd if=/dev/zero of=big bs=1M count=3 2>/dev/null; echo done")
        let blocks = try await world.output(2).first.flatMap(UInt64.init)
        let limits = try fixture.embedded.machinery().limits
        #expect(blocks == limits.fileBytes / 512)
        let use = DynoDisk(places: fixture.embedded.places).largest(3)
        #expect(use.map(\.instance) == [id.description])
        #expect(use.allSatisfy { (3 << 20..<4 << 20).contains($0.bytes) })
      }
    }
  }
}
