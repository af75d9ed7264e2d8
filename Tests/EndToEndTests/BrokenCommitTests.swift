// A commit that breaks one app: it says where, holds back that app alone, and the next mends it.

import Testing

extension RealContainers {
  @Suite(.serialized) struct BrokenCommitTests {
    @Test func `a broken app keeps running while the others go on`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.writeApp("broken")
      try platform.writeApp("sound")
      try platform.commit()
      try platform.converge()
      let before = platform.dynos.firstProcesses
      try platform.write(
        "stack: busybox\nformation:\n  web: {quantity: many}\n", to: "apps/broken/app.yaml")
      try platform.writeApp("sound", worker: 2)
      try platform.commit()
      let answer = try platform.muster("reconcile")
      #expect(answer.code == 1, "\(answer)")
      #expect(answer.text.contains("apps/broken/app.yaml:3:19: error"), "\(answer)")
      let dynos = try platform.ps()
      #expect(dynos.filter { $0.app == "sound" && $0.state == "up" }.count == 3, "\(answer)")
      #expect(dynos.filter { $0.app == "broken" && $0.state == "up" }.count == 2, "\(answer)")
      let after = platform.dynos.firstProcesses
      for (id, process) in before { #expect(after[id] == process, "\(id) was left alone") }
      try platform.writeApp("broken")
      try platform.commit()
      let mended = try platform.muster("reconcile")
      #expect(mended.code == 0, "\(mended)")
      #expect(platform.dynos.firstProcesses.count == 5)
    }
  }
}
