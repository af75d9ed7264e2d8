// What a dyno tries in order to get out, each attempt made from inside one. The page on isolation
// has a row for every attempt, with the layer that refuses it.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct IsolationTests {
    /// An attempt, and a command that succeeds when it gets through. 127: there is no such command,
    /// and the test proves nothing.
    struct Attempt: Sendable {
      let name: String
      let command: String

      init(_ name: String, _ command: String) {
        self.name = name
        self.command = command
      }
    }

    /// What a dyno says of the attempts: `refused`, `through` or `missing`, each with its name.
    private func tried(_ attempts: [Attempt], _ world: ContractWorld) async throws -> [String] {
      let lines = attempts.map { attempt in
        """
        (\(attempt.command)) >/dev/null 2>&1
        case $? in 0) echo "through: \(attempt.name)" ;; 127) echo "missing: \(attempt.name)" ;;
        *) echo "refused: \(attempt.name)" ;; esac
        """
      }
      let app = try world.id(.web, 9)
      try await world.run(app, command: lines.joined(separator: "\n") + "\nsleep 1000")
      return try await world.output(attempts.count)
    }

    @Test func `nothing that a dyno tries gets through`() async throws {
      let neighbours = try NeighbourNetwork()
      defer { neighbours.remove() }
      try await withEmbedded { fixture, world in
        let server = try ListeningSocket()
        try await world.run(world.id(), command: "httpd -f -p 8080 -h /app")
        let other = try #require(try await world.observed().instances.first)
        try await eventually("the other dyno answers") {
          await world.runtime.probe(other, Healthcheck()) == .healthy ? true : nil
        }
        let address = try #require(other.endpoint?.address)
        let gateway = try fixture.embedded.machinery().claim.gateway
        let places = fixture.embedded.places
        let attempts =
          Attempt.network(dyno: address, host: "\(gateway) \(server.port)")
          + Attempt.files(of: places.state, run: ControllerPlaces.machine)
          + Attempt.kernel + Attempt.privileges
        let told = try await tried(attempts, world)
        #expect(told == attempts.map { "refused: \($0.name)" })
        let page = try Self.page()
        for attempt in attempts { #expect(page.contains("| \(attempt.name) |"), "\(attempt.name)") }
      }
    }

    @Test func `what a dyno may do gets through, so that the attempts mean something`() async throws
    {
      let neighbours = try NeighbourNetwork()
      defer { neighbours.remove() }
      try await withEmbedded { _, world in
        let allowed = [
          Attempt("the world", "nc -w 2 198.51.100.2 7000 </dev/null"),
          Attempt("its own files", "echo x >/app/x"), Attempt("its own processes", "kill -0 $$"),
          Attempt("its own loopback", "ip addr show dev lo"),
        ]
        let told = try await tried(allowed, world)
        #expect(told == allowed.map { "through: \($0.name)" })
      }
    }

    private static func page() throws -> String {
      let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
      return try String(
        contentsOf: root.appending(path: "docs/explanation/isolation.md"), encoding: .utf8)
    }
  }
}

extension EmbeddedSuite.IsolationTests.Attempt {
  /// Whom it may not reach.
  fileprivate static func network(dyno: String, host: String) -> [Self] {
    [
      Self("reach another dyno", "nc -w 2 \(dyno) 8080 </dev/null"),
      Self("reach a port of the machine", "nc -w 2 \(host) </dev/null"),
      Self("reach a link-local or metadata address", "nc -w 2 169.254.77.2 7000 </dev/null"),
      Self("send raw packets", "ping -c 1 -W 1 127.0.0.1"),
      Self("give itself another address", "ip addr add 10.64.0.99/32 dev eth0"),
      Self("change its routes", "ip route add 192.0.2.0/24 dev eth0"),
    ]
  }

  /// What it may not see.
  fileprivate static func files(of state: String, run: String) -> [Self] {
    [
      Self("see Muster's state", "ls \(state)"),
      Self("see the runtime's sockets", "ls \(run) || find / -type s | grep -q ."),
      Self("see sockets without a file", "test $(wc -l </proc/net/unix) -gt 1"),
      Self("see the machine's processes", "test $(ls -d /proc/[0-9]* | wc -l) -gt 20"),
      Self("signal a process of the machine", "kill -0 \(getpid())"),
      Self(
        "see devices of the machine", "ls /dev/mem || ls /dev/vda || ls /dev/sda || ls /dev/kmsg"),
    ]
  }

  /// What of the kernel it may not touch.
  fileprivate static let kernel = [
    Self("have the kernel run a program", "echo '|/app/x' >/proc/sys/kernel/core_pattern"),
    Self("press a system request key", "echo h >/proc/sysrq-trigger"),
    Self("read the machine's memory", "test $(head -c 1 /proc/kcore | wc -c) -eq 1"),
    Self("set a helper of the kernel", "echo /app/x >/sys/kernel/uevent_helper"),
    Self("find a release agent", "find /sys /proc -name release_agent | grep -q ."),
    Self("read the kernel's log", "dmesg"),
    Self("load a module", "touch /app/x.ko && insmod /app/x.ko"),
    Self("set the clock", "date -s 2030-01-01; test $(date +%Y) = 2030"),
    Self("name the machine", "hostname elsewhere"),
  ]

  /// What it may not become.
  fileprivate static let privileges = [
    Self("mount something", "mount -t tmpfs none /tmp"),
    Self("mount its root anew", "mount -o remount,rw /"),
    Self("make a device", "mknod /tmp/disk b 254 0"),
    Self("have a user namespace", "unshare -U true"),
    Self("have a mount namespace", "unshare -m true"),
    Self("change its root", "chroot /app true"),
    Self("become root by a file", "find / -xdev -perm -4000 | grep -q ."),
    Self("give a file to root", "touch /app/own && chown 0 /app/own"),
    Self("become another user", "setpriv --reuid 0 true || su -c true"),
    Self("raise its limits", "ulimit -n 1000000"),
    Self("raise its priority", "renice -n -5 -p $$"),
  ]
}
