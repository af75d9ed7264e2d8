// Dynos that hold more memory than their type has, on real containers: one below its ceiling is
// told about (R14), one beyond it is killed and comes again (R15), and no other notices.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct DynoMemoryTests {
    /// An app whose web dynos do that before they serve, of a type with 32 MB and a ceiling of 64.
    private func write(_ name: String, _ command: String, to platform: PlatformFixture) throws {
      try platform.write(
        "web: \(command) exec httpd -f -p $PORT -h /app\n", to: "apps/\(name)/Procfile")
      try platform.write(
        "stack: busybox\nformation: {web: {quantity: 1, size: tiny}}\n",
        to: "apps/\(name)/app.yaml")
    }

    @Test func `more than the quota is told, far more ends that dyno alone`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.write(
        """
        catalog:
          dyno_types:
            tiny: {tier: standard, memory: 32MB, kill_at: 64MB, cpu: 1, processes: 32}

        """, to: "platform.yaml")
      try write("over", "head -c 44m /dev/zero >/dev/shm/full;", to: platform)
      // It serves, and loses a part of itself.
      try write("half", "(sleep 3; tail /dev/zero) &", to: platform)
      try write("calm", "", to: platform)
      try platform.commit()
      let daemon = try platform.serve()
      defer { daemon.tearDown() }
      func log(_ app: String) throws -> String { try platform.muster("logs", "-a", app).output }
      #expect(eventually(within: 60) { (try? log("over").contains("Error R14")) == true })
      let over = try log("over")
      #expect(over.contains("heroku[web.1]: Process running mem=4"), "\(over)")
      #expect(over.contains("heroku[web.1]: Error R14 (Memory quota exceeded)"), "\(over)")
      #expect(
        eventually(within: 60) { daemon.log.contains("subject=half.web.1.v1.2") }, "\(daemon.log)")
      let half = try log("half")
      #expect(half.contains("Error R15 (Memory quota vastly exceeded)"), "\(half)")
      #expect(half.contains("to crashed"), "\(half)")
      let dynos = platform.dynos.firstProcesses.keys.filter { !$0.hasPrefix("half") }
      #expect(dynos.sorted() == ["calm.web.1.v1.1", "over.web.1.v1.1"])
      #expect(try !log("calm").contains("Error"))
    }
  }
}
