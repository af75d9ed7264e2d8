// Every platform that this repository offers to read: valid, converged on the simulated runtime,
// and quiet after that.

import Foundation
import Testing

@Suite(.enabled(if: Sandbox.hasExecutable, "the executable `muster` was not built"))
struct ExamplesTests {
  /// A platform, and the environment to run it in; empty for none.
  struct Platform: CustomTestStringConvertible {
    let folder: String
    let environment: String
    var testDescription: String { environment.isEmpty ? folder : "\(folder) in \(environment)" }
  }

  static let platforms: [Platform] = {
    let folder = "\(Sandbox.repository)/examples"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let examples = names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/apps") }
    return [Platform(folder: "manifests", environment: "")]
      + examples.sorted().flatMap { name in
        ["", "staging", "production"].map { Platform(folder: "examples/\(name)", environment: $0) }
      }
  }()

  @Test(arguments: platforms)
  func `a platform of this repository is valid and converges`(_ platform: Platform) throws {
    let sandbox = try Sandbox()
    defer { sandbox.remove() }
    let answer = try sandbox.run(
      """
      mkdir platform && cp -R "$SOURCE/apps" "$SOURCE/platform.yaml" platform
      cd platform && git init -q -b main .
      git config user.name Ada && git config user.email ada@example.com
      git add -A && git commit -qm "A platform"
      muster validate .
      muster reconcile --repo .
      muster reconcile | tail -1 | grep '^No changes\\.'
      muster status
      """,
      [
        "SOURCE": "\(Sandbox.repository)/\(platform.folder)",
        "MUSTER_ENVIRONMENT": platform.environment,
      ])
    #expect(answer.status == 0, "\(answer.output)")
  }

  @Test func `there are examples`() { #expect(Self.platforms.count > 1) }
}
