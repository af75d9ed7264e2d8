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
        try await world.run(id, command: command, processLimit: 20)
        let record = try #require(try fixture.embedded.record(of: id))
        let inspection = fixture.embedded.inspection
        let group = inspection.cgroup(record)
        try await eventually("the limit is reached") {
          fixture.embedded.cgroups.processes(in: group).count >= 19 ? true : nil
        }
        #expect(fixture.embedded.cgroups.processes(in: group).count <= 20)
      }
    }

    @Test func `memory stops at the limit, and the exit says so`() async throws {
      try await withEmbedded { _, world in
        let id = try world.id()
        let other = try world.id(.web, 2)
        try await world.run(other, .runs)
        try await world.run(
          id, command: "head -c 200m /dev/zero | tail -c 190m >/dev/null", memoryMegabytes: 32)
        let exit = try await world.exit(id)
        #expect(exit.outOfMemory)
        #expect(exit.code != 0)
        #expect(try await world.phase(other) == .running)
      }
    }
  }
}
