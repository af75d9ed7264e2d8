// Deploys that cannot end well on this machine: what is wrong is said, and what ran before goes on.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct FailingDeployTests {
    /// A platform of one app with one web dyno that has two seconds to boot.
    private func platform(web: String, stack: String = "busybox") throws -> PlatformFixture {
      let platform = try PlatformFixture()
      try platform.write("web: \(web)\n", to: "apps/tiny/Procfile")
      try platform.write(
        """
        stack: \(stack)
        formation:
          web: {quantity: 1, size: standard-1x, healthcheck: {boot_timeout: 2s}}

        """, to: "apps/tiny/app.yaml")
      try platform.commit()
      return platform
    }

    private static let server = "exec httpd -f -p $PORT -h /app"

    @Test func `a command that is not in the slug`() throws {
      let platform = try platform(web: "nosuchthing --serve")
      defer { platform.tearDown() }
      try platform.muster("reconcile").expect(
        1, saying: "web.1", "exit 127", "nosuchthing: not found")
    }

    @Test func `a port that is never bound`() throws {
      let platform = try platform(web: "exec sleep 1000")
      defer { platform.tearDown() }
      try platform.muster("reconcile").expect(
        1, saying: "web.1", "not healthy within 2s (R10)", "nothing listens on $PORT")
    }

    @Test func `a port that is bound to loopback only`() throws {
      let platform = try platform(web: "exec httpd -f -p 127.0.0.1:$PORT -h /app")
      defer { platform.tearDown() }
      try platform.muster("reconcile").expect(
        1, saying: "web.1", "R10", "listens on 127.0.0.1 only", "0.0.0.0:$PORT")
    }

    @Test func `a stack whose archive is not there`() throws {
      let platform = try platform(web: Self.server, stack: "own")
      defer { platform.tearDown() }
      let archive = platform.folder + "/root.tar"
      try platform.write(
        "catalog:\n  stacks:\n    own: {archive: \(archive), shell: /bin/sh}\n",
        to: "platform.yaml")
      try platform.commit()
      try platform.muster("reconcile").expect(
        3, saying: "stack own", "there is no archive at \(archive)")
    }

    @Test func `a stack that fails to build`() throws {
      let platform = try platform(web: Self.server, stack: "own")
      defer { platform.tearDown() }
      let archive = platform.folder + "/root.tar"
      try "no archive".write(toFile: archive, atomically: true, encoding: .utf8)
      try platform.write(
        "catalog:\n  stacks:\n    own: {archive: \(archive), shell: /bin/sh}\n",
        to: "platform.yaml")
      try platform.commit()
      try platform.muster("reconcile").expect(
        3, saying: "stack own cannot be unpacked", "correct the stack in platform.yaml")
    }

    @Test func `no program that runs containers`() throws {
      let platform = try platform(web: Self.server)
      defer { platform.tearDown() }
      let script = #"""
        for program in /usr/bin/crun /usr/sbin/runc /usr/bin/runc; do
          if [ -e "$program" ]; then mount --bind "$1" "$program"; fi
        done
        shift && exec "$@"
        """#
      let nothing = platform.folder + "/nothing"
      try Data().write(to: URL(fileURLWithPath: nothing))
      let words = ["-m", "sh", "-ec", script, "sh", nothing, MusterProgram.path, "reconcile"]
      try MusterProgram.run("/usr/bin/unshare", words, platform.variables, in: platform.folder)
        .expect(1, saying: "neither crun nor runc is installed", "apt-get install crun")
      try platform.converge("once there is one, it goes on")
    }

    @Test func `a full disk`() throws {
      let platform = try platform(web: Self.server)
      defer { platform.tearDown() }
      try FileManager.default.createDirectory(
        atPath: platform.state, withIntermediateDirectories: true)
      let mounted = try MusterProgram.run(
        "/usr/bin/env", ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "t", platform.state])
      try #require(mounted.code == 0, "\(mounted)")
      defer {
        platform.dynos.sweep()
        _ = try? MusterProgram.run("/usr/bin/env", ["umount", "-l", platform.state])
      }
      try platform.muster("reconcile").expect(
        1, saying: platform.state, "No space left on device", "free space")
      let grown = try MusterProgram.run(
        "/usr/bin/env", ["mount", "-o", "remount,size=64m", platform.state])
      try #require(grown.code == 0, "\(grown)")
      try platform.converge("once there is space, it goes on")
    }
  }
}
