// metrics, usage, gc and logs as people use them, on the simulated runtime.

import Foundation
import Testing

@Suite(.enabled(if: Sandbox.hasExecutable, "the executable was not built"))
struct `Measuring a platform` {
  /// Two apps, reconciled; `more` is run in the repository afterwards.
  private func run(_ more: String) throws -> Sandbox.Answer {
    let sandbox = try Sandbox()
    defer { sandbox.remove() }
    return try sandbox.run(
      """
      muster init platform >/dev/null && cd platform
      mkdir -p apps/other && cat >apps/other/Procfile <<'TEXT'
      web: echo from other; serve # simulated: memory=100 cpu=50
      TEXT
      printf 'stack: busybox\\nformation:\\n  web: {quantity: 1}\\n' >apps/other/app.yaml
      printf '\\nreleases: {keep: 3}\\n' >>platform.yaml
      git add . && git -c user.name=Ada -c user.email=a@example.com commit -qm Apps
      muster reconcile --quiet >/dev/null
      \(more)
      """)
  }

  @Test func `metrics show each dyno and the machine`() throws {
    let answer = try run("muster metrics; muster metrics other/web.1 --format json")
    #expect(answer.status == 0, "\(answer.output)")
    let other = "=== other: 1 dyno runs, 100 MB of 512 MB (20 %), 50 % of a core"
    #expect(answer.output.contains(other), "\(answer.output)")
    #expect(answer.output.contains("machine: "))
    #expect(answer.output.contains(#""rss": 104857600"#))
  }

  @Test func `usage names kinds and the space`() throws {
    let answer = try run("muster usage; muster usage --format json | python3 -m json.tool")
    #expect(answer.status == 0, "\(answer.output)")
    for word in ["database file", "slugs", "free: ", "\"low\""] {
      #expect(answer.output.contains(word), "\(word)")
    }
  }

  @Test func `gc takes what no release needs, and only then`() throws {
    let answer = try run(
      """
      muster gc
      for number in $(seq 5); do
        echo "$number" >apps/other/number
        git add . && git -c user.name=Ada -c user.email=a@example.com commit -qm "Edition $number"
        muster reconcile --quiet >/dev/null
      done
      echo DRY; muster gc --dry-run
      echo WET; muster gc
      echo AGAIN; muster gc
      muster status >/dev/null && echo WELL
      """)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(answer.output.hasPrefix("Nothing to free."))
    #expect(answer.output.contains("-  slug "))
    #expect(answer.output.contains("Would free "))
    #expect(answer.output.contains("Freed "))
    #expect(answer.output.contains("AGAIN\nNothing to free."))
    #expect(answer.output.contains("WELL"))
  }

  @Test func `gc on a folder that is no platform frees nothing and makes nothing`() throws {
    let sandbox = try Sandbox()
    defer { sandbox.remove() }
    let answer = try sandbox.run("muster gc --state nowhere || echo ended $?; ls")
    #expect(answer.output.contains("ended 2"))
    #expect(!answer.output.contains("\nnowhere\n"))
  }

  @Test func `logs merge apps and what the platform did`() throws {
    let answer = try run(
      """
      muster logs; echo ONE; muster logs other -s app
      echo PLATFORM; muster logs other -d web.1 -s heroku
      echo NEWEST; muster logs -n 1
      echo JSON; muster logs other -n 1 --format json
      muster logs -s router || echo ended $?
      """)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(answer.output.contains(" app[other/web.1]: from other"))
    let one = try #require(answer.output.components(separatedBy: "ONE\n").last)
    #expect(one.contains(" app[web.1]: from other\nPLATFORM\n"))
    let platform = try #require(one.components(separatedBy: "PLATFORM\n").last)
    #expect(platform.contains(" heroku[web.1]: Starting process"))
    #expect(platform.contains(" heroku[web.1]: State changed from "))
    let newest = try #require(platform.components(separatedBy: "NEWEST\n").last)
    #expect(newest.components(separatedBy: "JSON\n")[0].split(separator: "\n").count == 1)
    #expect(newest.contains(#""app":"other","dyno":"#))
    #expect(newest.contains("ended 64"))
  }
}
