// `muster run` and `muster exec`, as a person at a terminal uses them and as scripts do.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct OneOffTests {
    private func shop() throws -> PlatformFixture {
      let platform = try PlatformFixture()
      try platform.write(
        """
        worker: while :; do sleep 1; done
        task: echo task
        """, to: "apps/shop/Procfile")
      try platform.write(
        """
        stack: busybox
        env: {GREETING: hello}
        formation: {worker: {quantity: 1, min_healthy: 1s}}

        """, to: "apps/shop/app.yaml")
      try platform.commit()
      return platform
    }

    /// What a shell of this machine makes of a line with the executable in it.
    private func shell(
      _ line: String, on platform: PlatformFixture
    ) throws -> MusterProgram.Answer {
      var variables = platform.variables
      variables["PATH"] =
        URL(fileURLWithPath: MusterProgram.path).deletingLastPathComponent().path
        + ":/usr/bin:/bin"
      return try MusterProgram.run("/bin/sh", ["-c", line], variables, in: platform.folder)
    }

    private func log(_ dyno: String, on platform: PlatformFixture) throws -> String {
      try platform.muster("logs", "shop", "-d", dyno).output
    }

    /// Nothing of a one-off dyno is left once it has ended.
    private func expectNothingLeft(_ platform: PlatformFixture) throws {
      try platform.converge()
      let records = platform.dynos.records.keys.filter { $0.contains(".run.") }
      #expect(records.isEmpty, "\(records)")
    }

    private func check(on platform: PlatformFixture) throws {
      let said = try platform.muster("run", "shop", "--", "echo $GREETING $DYNO; exit 7")
      #expect(said.code == 7 && said.output.hasPrefix("hello run."), "\(said)")
      #expect(said.errors.contains("⬢ shop... up, run."), "\(said)")
      let piped = try platform.muster(
        "run", "-q", "shop", "--", "cat; echo err >&2; kill -9 $$", input: "in\n")
      #expect(
        piped.code == 137 && piped.output == "in\n" && piped.errors.hasPrefix("err\n"), "\(piped)")
      // A process type's command, with words behind it and variables beside the config vars.
      let typed = try platform.muster(
        "run", "-q", "shop", "--env", "A=1;B=x y", "--", "task", "$A", "two words")
      #expect(typed.code == 0 && typed.output == "task 1 two words\n", "\(typed)")
      let sums = try shell(
        "head -c 209715200 /dev/urandom > big; sha256sum < big; "
          + "muster run -q shop -- cat < big | sha256sum", on: platform
      ).output.split(separator: "\n")
      #expect(sums.count == 2 && sums[0] == sums[1], "\(sums)")
      // Whoever reads may stop reading.
      let cut = try shell("muster run -q shop -- yes | head -n 1", on: platform)
      #expect(cut.code == 0 && cut.output == "y\n", "\(cut)")
      let inside = try platform.muster(
        "exec", "shop/worker", "--", "cat; echo $DYNO $GREETING; exit 9", input: "in\n")
      #expect(inside.code == 9 && inside.output == "in\nworker.1 hello\n", "\(inside)")
      try expectNothingLeft(platform)
    }

    @Test func `input, output, errors and the exit code are the command's`() throws {
      let platform = try shop()
      defer { platform.tearDown() }
      try platform.converge()
      try check(on: platform)
    }

    @Test func `so they are where a daemon is at work`() throws {
      let platform = try shop()
      defer { platform.tearDown() }
      let daemon = try platform.serve()
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      try check(on: platform)
      // One that runs while the daemon ends and begins anew goes on.
      let running = try Running(
        MusterProgram.path, ["run", "shop", "--", "sleep 4; echo done"], platform.variables)
      #expect(eventually { running.errors.contains("up, run.") })
      try daemon.end()
      let next = try platform.serve()
      defer { next.tearDown() }
      let answer = try running.wait()
      #expect(answer.output == "done\n", "\(answer)")
      try expectNothingLeft(platform)
    }

    @Test func `what was not started says why, with 125`() throws {
      let platform = try shop()
      defer { platform.tearDown() }
      try platform.converge()
      for (words, says) in [
        (["run", "shop", "--size", "huge", "--", "ls"], "there is no dyno type huge"),
        (["run", "shop", "--release", "v9", "--", "ls"], "shop has no release v9"),
        (["run", "shop", "--time-to-live", "25h", "--", "ls"], "between 1s and 24h"),
      ] {
        let answer = try MusterProgram.run(
          MusterProgram.path, words, platform.variables, in: platform.folder)
        #expect(answer.code == 125 && answer.text.contains(says), "\(answer)")
      }
      #expect(try platform.muster("run", "nope", "--", "ls").code == 1)
      #expect(try platform.muster("run", "shop").code == 64)
      #expect(try platform.muster("exec", "shop/worker.7", "--", "ls").code == 1)
    }

    @Test func `a detached one is logged, and ends in time, or when somebody says so`() throws {
      let platform = try shop()
      defer { platform.tearDown() }
      let daemon = try platform.serve()
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      func start(_ words: String...) throws -> String {
        struct Started: Decodable { let name: String }
        let answer = try MusterProgram.run(
          MusterProgram.path, ["run", "shop", "--detached", "--format", "json"] + words,
          platform.variables)
        return try JSONDecoder().decode(Started.self, from: Data(answer.output.utf8)).name
      }
      let short = try start("--", "echo written; exit 3")
      try expectInTime { try log(short, on: platform).contains("changed from up to complete") }
      #expect(try log(short, on: platform).contains("app[\(short)]: written"))
      #expect(try log(short, on: platform).contains("Process exited with status 3"))
      let timed = try start("--time-to-live", "2s", "--", "sleep 1000")
      #expect(try platform.muster("ps", "shop").output.contains("one-off processes (1)"))
      try expectInTime { try log(timed, on: platform).contains("Process exited with status 143") }
      let stopped = try start("--", "sleep 1000")
      #expect(try platform.muster("stop", "shop/\(stopped)").code == 0)
      try expectInTime { try log(stopped, on: platform).contains("stopped by") }
      try expectInTime { try !platform.muster("ps", "shop").output.contains("one-off") }
      try expectNothingLeft(platform)
    }

    @Test(arguments: ["before", "unrecorded", "after"])
    func `Muster killed at every effect, a request is started once at most`(
      _ moment: String
    ) throws {
      let platform = try shop()
      defer { platform.tearDown() }
      try platform.converge()
      var number = 0
      while true {
        number += 1
        let effect = "\(number):\(moment)"
        let first = try platform.muster(
          "run", "shop", "--detached", "--", "echo once", with: ["MUSTER_CRASH_AT": effect])
        if first.code == 0 { break }
        try #require(first.signal == SIGKILL, "\(effect): \(first)")
        try platform.converge("run \(effect), and again")
        let lines = try platform.muster("logs", "shop", "-n", "1000").output.split(separator: "\n")
        let started = lines.filter { $0.hasSuffix("]: once") }.compactMap {
          $0.split(separator: " ").dropFirst().first
        }
        #expect(Set(started).count == started.count, "\(effect): \(lines)")
      }
      #expect(number > 3, "a one-off dyno has more effects than that")
      try expectNothingLeft(platform)
    }

    @Test func `it ends with whoever asked for it, however that one ends`() throws {
      let platform = try shop()
      defer { platform.tearDown() }
      let daemon = try platform.serve()
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      let running = try Running(
        MusterProgram.path, ["run", "shop", "--", "echo ready; sleep 1000 > /dev/null"],
        platform.variables, input: "")
      #expect(eventually { running.outputSoFar == "ready\n" }, "\(running.errors)")
      kill(running.pid, SIGKILL)
      #expect(try running.wait().signal == SIGKILL)
      try expectInTime { try !platform.muster("ps", "shop").output.contains("one-off") }
      let log = try platform.muster("events", "shop").output
      #expect(log.contains("that it was connected to are gone"), "\(log)")
    }
  }
}
