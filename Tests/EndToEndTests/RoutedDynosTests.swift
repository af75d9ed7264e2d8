// Real dynos behind a real router while `serve` runs: requests under way through deploys, and
// through the deaths of router and daemon.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized, .enabled(if: Visitors.canBe, "needs haproxy and python3"))
  struct RoutedDynosTests {
    private func platform(_ port: Int) throws -> PlatformFixture {
      let platform = try PlatformFixture(router: "127.0.0.1:\(port)")
      try platform.writeApp("tiny", web: 2, worker: 0)
      try platform.write("hello\n", to: "apps/tiny/index.html")
      try platform.commit()
      return platform
    }

    /// The process of HAProxy that listens; nil when none is known.
    private func router(_ platform: PlatformFixture) -> Int32? {
      let folder = "/run/muster/\(platform.dynos.controller ?? "none")/router"
      let newest = OwnDynos.names(in: folder).compactMap { Int($0) }.max()
      return newest.flatMap { OwnDynos.text("\(folder)/\($0)/pid") }.flatMap {
        Int32($0.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }

    @Test func `no request fails through deploy, scaling and restart, and each is told`() throws {
      let port = try FreePort.find()
      let platform = try platform(port)
      defer { platform.tearDown() }
      let daemon = try platform.serve(poll: "1s")
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      let visitors = try Visitors(of: "tiny.localhost", port: port)
      defer { visitors.tearDown() }
      try #require(visitors.come(50), "\(visitors.failures.suffix(3))")
      try platform.writeApp("tiny", greeting: "again", web: 3, worker: 0)
      try platform.commit()
      try platform.wait(for: "release=v2")
      try #require(try platform.muster("restart", "tiny/web").code == 0)
      try platform.wait(for: "converged")
      try #require(visitors.come(50), "\(visitors.failures.suffix(3))")
      let answered = try visitors.end()
      #expect(visitors.failures == [])
      var told = 0
      #expect(
        eventually(within: 20) {
          told = (try? self.told(platform)) ?? 0
          return told >= answered
        }, "\(told) of \(answered)")
      let metrics = try platform.muster("metrics", "tiny", "--format", "json").output
      #expect(metrics.contains(#""class": "2xx""#), "\(metrics)")
      #expect(try platform.muster("status").output.contains("/min"))
      let line = #"heroku[router]: at=info method=GET path="/" host=tiny.localhost"#
      let newest = try platform.muster("logs", "-d", "router", "-n", "50").output
      #expect(newest.contains(line), "\(newest)")
      try finish(platform, daemon)
    }

    /// Requests that the log has, or says to have lost.
    private func told(_ platform: PlatformFixture) throws -> Int {
      let lines = try platform.muster("logs", "-d", "router", "-n", "100000").output
        .split(separator: "\n")
      let lost = lines.filter { $0.contains("code=L13") }
        .compactMap { $0.split(separator: "dropped=").last.flatMap { Int($0) } }
      return lines.count { $0.contains("status=200") } + lost.reduce(0, +)
    }

    /// Ten web dynos on one machine, each of which has a few seconds to boot.
    private func ten(_ platform: PlatformFixture, web: String, _ message: String) throws {
      try platform.write("web: \(web)\n", to: "apps/tiny/Procfile")
      try platform.write(
        """
        stack: busybox
        formation:
          web: {quantity: 10, size: standard-1x, healthcheck: {boot_timeout: 5s}}
        rollout: {strategy: preboot, auto_revert: true}

        """, to: "apps/tiny/app.yaml")
      try platform.commit(message)
    }

    private static let server = "exec httpd -f -p $PORT -h /app"

    @Test func `ten dynos, good and bad releases, a killed Muster: no request fails`() throws {
      let port = try FreePort.find()
      let platform = try platform(port)
      defer { platform.tearDown() }
      try ten(platform, web: Self.server, "First")
      var daemon = try platform.serve(poll: "1s")
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      let visitors = try Visitors(of: "tiny.localhost", port: port)
      defer { visitors.tearDown() }
      try #require(visitors.come(50), "\(visitors.failures.suffix(3))")
      let watch = try HealthyWatch(platform, backend: "app.tiny")
      defer { watch.tearDown() }
      try #require(watch.come(5), "it sees nothing")
      try ten(platform, web: "\(Self.server) -v", "Good")
      try platform.wait(for: "release=v2")
      #expect(try platform.ps().filter { $0.state == "up" && $0.release == 2 }.count == 10)
      expectTen(watch, "a good deploy")
      try goBack(platform)
      expectTen(watch, "one that is never healthy")
      // New content while one is being rolled out, and Muster is killed in the middle of that.
      try ten(platform, web: "\(Self.server) -vv", "Good again")
      #expect(isComing(5, platform), "\(daemon.log.suffix(2_000))")
      try ten(platform, web: "\(Self.server) -vvv", "Better")
      #expect(isComing(6, platform), "\(daemon.log.suffix(2_000))")
      expectTen(watch, "new content in the midst of a rollout")
      _ = try daemon.end(by: SIGKILL)
      daemon = try platform.serve(poll: "1s")
      try platform.wait(for: "converged")
      #expect(try platform.ps().filter { $0.state == "up" && $0.release == 6 }.count == 10)
      try #require(visitors.come(50), "\(visitors.failures.suffix(3))")
      expectTen(watch, "Muster killed in the midst of it")
      #expect(try watch.end() == [], "it could not see all the time")
      _ = try visitors.end()
      #expect(visitors.failures == [])
      try finish(platform, daemon)
    }

    /// Expects that ten took requests all the time, from the first sample to one taken now.
    private func expectTen(_ watch: HealthyWatch, _ point: String) {
      #expect(watch.come(2), "\(point)")
      #expect(watch.samples(below: 10) == [], "\(point)")
      print("\(point): \(watch.samples.min() ?? 0) healthy in \(watch.samples.count) samples")
    }

    /// A release that never gets healthy: back to the good one, and `why` tells.
    private func goBack(_ platform: PlatformFixture) throws {
      try ten(platform, web: "exec sleep 1000", "Bad")
      let isBack = eventually(within: 60) {
        let list = (try? platform.muster("releases").output) ?? ""
        return list.split(separator: "\n").contains {
          $0.hasPrefix("v4  rollback to v2") && $0.contains("  current  ")
        }
      }
      #expect(isBack)
      let why = try platform.muster("why", "tiny").output
      #expect(why.contains("not healthy within 5s (R10)"), "\(why)")
      #expect(why.contains("muster retry tiny"), "\(why)")
      #expect(try platform.ps().filter { $0.state == "up" }.count == 10)
    }

    private func isComing(_ release: Int, _ platform: PlatformFixture) -> Bool {
      eventually(within: 60) {
        (try? platform.ps())?.contains { $0.release == release && $0.state == "up" } ?? false
      }
    }

    @Test func `without Muster requests go on, and a killed router is whole again`() throws {
      let port = try FreePort.find()
      let platform = try platform(port)
      defer { platform.tearDown() }
      var daemon = try platform.serve()
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      let visitors = try Visitors(of: "tiny.localhost", port: port)
      defer { visitors.tearDown() }
      try #require(visitors.come(50), "\(visitors.failures.suffix(3))")

      // Muster alone: nobody notices, and the next one takes over the router that is there.
      let first = try #require(router(platform))
      _ = try daemon.end(by: SIGKILL)
      try #require(visitors.come(100), "\(visitors.failures.suffix(3))")
      #expect(visitors.failures == [])
      daemon = try platform.serve()
      try platform.wait(for: "converged")
      #expect(router(platform) == first)
      try #require(visitors.come(100), "\(visitors.failures.suffix(3))")
      #expect(visitors.failures == [])

      // The router alone.
      kill(first, SIGKILL)
      #expect(eventually(within: 30) { self.router(platform).map { $0 != first } ?? false })
      try #require(visitors.recover(), "\(visitors.failures.suffix(3))")
      print("router killed: \(visitors.gap) ms without an answer")

      // Both.
      _ = try daemon.end(by: SIGKILL)
      kill(try #require(router(platform)), SIGKILL)
      visitors.forget()
      daemon = try platform.serve()
      try #require(visitors.recover(), "\(visitors.failures.suffix(3))")
      print("router and Muster killed: \(visitors.gap) ms without an answer")
      try platform.wait(for: "converged")
      try #require(visitors.come(100), "\(visitors.failures.suffix(3))")
      _ = try visitors.end()
      try finish(platform, daemon)
    }

    /// Ends everything that the platform has on this machine.
    private func finish(_ platform: PlatformFixture, _ daemon: ServingDaemon) throws {
      #expect(try daemon.end().code == 0)
      #expect(try platform.muster("reconcile", "--router", "off").code == 0)
      #expect(router(platform) == nil)
    }
  }
}
