// Release commands in real containers.

import Foundation
import Testing

extension RealContainers {
  /// Release commands in real containers: once, first, and with their output kept.
  @Suite(.serialized) struct ReleaseCommandTests {
    private func write(_ platform: PlatformFixture, _ command: String, greeting: String) throws {
      try platform.write(
        "web: exec httpd -f -p $PORT -h /app\nrelease: \(command)\n", to: "apps/tiny/Procfile")
      try platform.write(
        """
        stack: busybox
        env:
          GREETING: \(greeting)
        release: {timeout: 20s}

        """, to: "apps/tiny/app.yaml")
      try platform.commit()
    }

    @Test func `it runs before the release, and its output is kept`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try write(platform, "echo migrating to $GREETING", greeting: "one")
      try platform.converge()
      let output = try platform.muster("releases", "tiny", "v1", "--output")
      #expect(output.output == "migrating to one\n", "\(output)")
      try write(platform, "echo migrating to $GREETING", greeting: "two")
      try platform.converge()
      #expect(try platform.ps().map(\.release) == [2])
      let second = try platform.muster("releases", "tiny", "v2", "--output")
      #expect(second.output == "migrating to two\n", "\(second)")
      #expect(try platform.muster("reconcile").output.contains("No changes."))
    }

    @Test func `when it fails, what ran goes on, and other content comes after it`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try write(platform, "true", greeting: "one")
      try platform.converge()
      try write(platform, "echo no such table; exit 3", greeting: "two")
      let failed = try platform.muster("reconcile")
      #expect(failed.code == 3, "\(failed)")
      #expect(failed.output.contains("whose release command failed: exit 3"), "\(failed)")
      #expect(failed.output.contains("no such table"), "\(failed)")
      #expect(try platform.ps().map(\.release) == [1])
      #expect(try platform.muster("reconcile").code == 3, "it is not run again")
      let output = try platform.muster("releases", "v2", "--output").output
      #expect(output == "no such table\n", "once: \(output)")
      try write(platform, "true", greeting: "three")
      try platform.converge()
      #expect(try platform.ps().map(\.release) == [3])
    }

    @Test func `a postdeploy script runs once, and a failure is told until it is seen to`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.write(
        #"{"scripts": {"postdeploy": "echo seeding $GREETING; exit 3"}}"#, to: "apps/tiny/app.json")
      try write(platform, "true", greeting: "one")
      let failed = try platform.muster("reconcile")
      #expect(failed.code == 3, "\(failed)")
      #expect(failed.output.contains("its postdeploy script failed: exit 3"), "\(failed)")
      #expect(failed.output.contains("seeding one"), "\(failed)")
      #expect(try platform.ps().map(\.release) == [1])
      try write(platform, "true", greeting: "two")
      #expect(try platform.muster("reconcile").code == 3, "deploys go on, and it is told of")
      #expect(try platform.ps().map(\.release) == [2])
      let output = try platform.muster("logs", "tiny/postdeploy.1", "--previous").output
      #expect(output.components(separatedBy: "seeding").count == 2, "once: \(output)")
      #expect(try platform.muster("confirm", "postdeploy/tiny").code == 0)
      try platform.converge()
      #expect(try platform.muster("reconcile").output.contains("No changes."))
    }
  }
}
