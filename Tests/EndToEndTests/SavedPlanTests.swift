// plan --out and reconcile PLANFILE: just that plan, or nothing.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"))
struct SavedPlanTests {
  private func platform() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.writeApp("tiny", greeting: "canary-77")
    try platform.commit()
    return platform
  }

  @Test func `a saved plan is carried out, once`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let file = platform.folder + "/first.plan"
    try platform.muster("plan", "--out", file).expect(0, saying: "Plan: 2 to start", file)
    #expect(!FileManager.default.fileExists(atPath: platform.state), "a plan changes nothing")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(!text.contains("canary-77"))
    try platform.muster("reconcile", file).expect(0, saying: "Converged", "2 started")
    let again = try platform.muster("reconcile", file)
    again.expect(1, saying: "out of date; nothing was done", "no longer: + tiny web.1")
    #expect(try platform.muster("plan").output.contains("No changes."))
    try platform.muster("plan", "--out", file).expect(0)
    try platform.muster("reconcile", file).expect(0, saying: "No changes.")
  }

  @Test func `another commit, place or file is refused before anything is done`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let file = platform.folder + "/stale.plan"
    try platform.muster("plan", "--out", file).expect(0)
    try platform.muster("reconcile", file, "--ref", "main")
      .expect(1, saying: "another repository, ref, environment or runtime")
    #expect(!FileManager.default.fileExists(atPath: platform.state))
    try platform.writeApp("tiny", web: 2)
    try platform.commit()
    try platform.muster("reconcile", file)
      .expect(1, saying: "it was made for commit", "now also: + tiny web.2", "plan --out")
    #expect(!FileManager.default.fileExists(atPath: platform.state))
    try platform.converge()
    try platform.muster("reconcile", file).expect(1, saying: "it was made for commit")
    try platform.muster("plan", "--out", file).expect(0)
    try platform.muster("reconcile", file, "--state", platform.folder + "/other")
      .expect(1, saying: "another state directory")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    for damaged in [
      String(text.dropLast(200)), text.replacing("memory\": \"", with: "memory\": \"0"), "{}", "",
    ] {
      try damaged.write(toFile: file, atomically: true, encoding: .utf8)
      try platform.muster("reconcile", file).expect(2, saying: "cannot be carried out", file)
    }
    try platform.muster("reconcile", "\(file).none").expect(2, saying: "cannot read")
    try platform.muster("reconcile", file, "--app", "tiny").expect(64, saying: "PLANFILE excludes")
  }

  @Test func `detailed exit codes are Terraform's`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    #expect(try platform.muster("plan", "--detailed-exitcode").code == 2)
    try platform.converge()
    #expect(try platform.muster("plan", "--detailed-exitcode").code == 0)
    try platform.write("formation: {web: 1}\n", to: "apps/tiny/app.yaml")
    try platform.commit()
    #expect(try platform.muster("plan", "--detailed-exitcode").code == 1)
  }
}
