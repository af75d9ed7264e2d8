// A whole life of a platform leaves the machine as it was, and what looks like Muster's stays.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct LeftoverTests {
    @Test func `the machine is the same after a platform has come and gone`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      let before = MachineSnapshot()
      try platform.writeApp("tiny", worker: 2)
      try platform.commit()
      try platform.converge()
      try platform.writeApp("tiny", greeting: "again", worker: 1)
      try platform.commit()
      try platform.converge()
      #expect(!platform.dynos.traces.isEmpty, "what is looked for can be seen")
      try platform.writeApp("tiny", greeting: "again", web: 0, worker: 0)
      try platform.commit()
      try platform.converge()
      let after = MachineSnapshot()
      let gone = before.strangers.subtracting(after.strangers).sorted()
      let new = after.strangers.subtracting(before.strangers).sorted()
      #expect(gone == [], "what others made was taken away")
      #expect(new == [], "something was left behind")
      #expect(eventually(within: 5) { platform.dynos.traces.isEmpty }, "\(platform.dynos.traces)")
      #expect(platform.dynos.records.isEmpty)
    }

    @Test func `what only looks like Muster's survives`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.writeApp("tiny")
      try platform.commit()
      try platform.converge()
      let prefix = try #require(platform.dynos.prefix)
      let link = "\(prefix)aaaaaaaaaa"
      let added = try MusterProgram.run(
        "/usr/bin/env",
        ["ip", "link", "add", link, "type", "veth", "peer", "name", "\(prefix)peer"])
      try #require(added.code == 0, "\(added)")
      defer { _ = try? MusterProgram.run("/usr/bin/env", ["ip", "link", "delete", link]) }
      let program = platform.folder + "/conmon"
      try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: program)
      let process = try Running(program, ["600"])
      defer {
        kill(process.pid, SIGKILL)
        _ = try? process.wait()
      }
      let folder = platform.state + "/instances/not-a-dyno"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try "keep me".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
      try platform.writeApp("tiny", greeting: "again")
      try platform.commit()
      let replaced = try platform.muster("reconcile")
      #expect(replaced.code != nil, "\(replaced)")
      #expect(FileManager.default.fileExists(atPath: "/sys/class/net/\(link)"))
      #expect(kill(process.pid, 0) == 0)
      #expect(OwnDynos.text(folder + "/file") == "keep me")
    }
  }
}
