// The commands that need no machine, as people and pipelines use them: what they print and how they
// end.

import Foundation
import Testing

@Suite(.enabled(if: Sandbox.hasExecutable, "the executable was not built"))
struct `Commands that need no machine` {
  /// A repository made by `muster init`, with one commit.
  private static let begin = """
    export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com
    export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
    muster init shop >/dev/null
    cd shop
    git add . && git commit -qm "A first app"
    expect() {
      wanted=$1; shift; status=0
      "$@" || status=$?
      test "$status" = "$wanted" || { echo "$* ended with $status, not $wanted"; exit 99; }
    }

    """

  private func run(_ script: String) throws -> String {
    let sandbox = try Sandbox()
    defer { sandbox.remove() }
    let answer = try sandbox.run(Self.begin + script)
    #expect(answer.status == 0, "\(answer.output)")
    return answer.output
  }

  @Test func `init writes a repository that is valid and plans`() throws {
    let output = try run(
      """
      expect 0 muster validate
      expect 0 muster plan
      expect 1 muster init
      """)
    #expect(output.contains("1 app, 1 process type.\n"))
    #expect(output.contains("+ hello web.1    v1  first release  (apps/hello/app.yaml:4, "))
    #expect(output.contains("Plan: 1 to start, 0 to stop, 0 to replace. Also: 1 release.\n"))
    #expect(output.contains("nothing was written"))
  }

  @Test func `diff ends with 1 when something changes, and tells why`() throws {
    let output = try run(
      """
      git checkout -qb change
      sed -i 's/quantity: 1/quantity: 3/' apps/hello/app.yaml
      expect 1 muster diff main --worktree
      git commit -qam "Three of them"
      expect 0 muster diff main main
      expect 1 muster diff main
      expect 0 muster diff main change --exit-zero --format json
      git checkout -q main
      echo '<p>Later.</p>' >> apps/hello/public/index.html
      git commit -qam "Main moves on"
      echo "apart:"
      expect 1 muster diff main change
      echo "as they are:"
      expect 1 muster diff main change --trees
      expect 2 muster diff nowhere
      """)
    #expect(output.contains("No changes. Formation matches"))
    #expect(output.contains("+ hello web.2  quantity 1 → 3  (apps/hello/app.yaml:4, "))
    #expect(output.contains(#""reason": "quantity-raised""#))
    let parts = output.components(separatedBy: "as they are:")
    let apart = try #require(parts.first?.components(separatedBy: "apart:").last)
    #expect(apart.contains("Plan: 2 to start, 0 to stop, 0 to replace.\n"))
    #expect(parts.last?.contains("slug changed") == true)
  }

  @Test func `validate quotes places and never a config var's value`() throws {
    let output = try run(
      """
      printf 'env:\\n  KEY: [canary-77]\\n  OTHER: canary-77\\nevn: {A: canary-77}\\n' \\
        >> apps/hello/app.yaml
      for format in text json sarif github; do
        expect 1 muster validate --format $format
      done
      expect 0 muster validate --show hello
      git add . && expect 1 muster validate --staged
      """)
    #expect(output.contains("apps/hello/app.yaml:8:1: error[unknown-key]"))
    #expect(!output.contains("canary-77"))
  }

  @Test func `a wrong command line ends with 64 and says what to type`() throws {
    let output = try run(
      """
      expect 64 muster plna
      expect 64 muster addons:create heroku-postgresql
      expect 64 muster plan --bogus
      expect 64 muster diff
      expect 64 muster validate --format yaml
      expect 64 muster init --from heroku:shop
      expect 64 env MUSTER_FORMAT=yaml muster validate
      expect 64 muster simulate
      """)
    #expect(output.contains("did you mean `muster plan`?"))
    #expect(output.contains("app.yaml"))
    #expect(output.contains("write one of: text, json, sarif, github"))
  }

  @Test func `init --from takes over a Heroku folder and reports on it`() throws {
    let output = try run(
      """
      mkdir ping
      printf 'web: serve $PORT\\nworker: work\\n' > ping/Procfile
      printf '{"stack": "heroku-24", "env": {"TOKEN": {"required": true}}}' > ping/app.json
      expect 0 muster init --from ping
      cat ping/app.yaml
      expect 1 muster init --from ping
      """)
    #expect(output.contains("worker: 0 × standard-1x, `work`"))
    #expect(output.contains("give a value to TOKEN, under env"))
    #expect(output.contains("  web: {quantity: 1, size: standard-1x}"))
  }

  @Test func `catalog, doctor and completion answer, and simulate keeps its promises`() throws {
    let output = try run(
      """
      expect 0 muster catalog
      expect 0 muster doctor
      expect 0 muster simulate --seeds 5
      muster simulate --seed 7 > one; muster simulate --seed 7 > two; cmp one two
      for shell in bash zsh fish; do muster completion $shell > words; grep -q reconcile words; done
      """)
    #expect(output.contains("* Heroku list price"))
    #expect(output.contains("every promise held."))
  }

  @Test(.enabled(if: Sandbox.hasProgram("strace"), "strace is not installed"))
  func `validate, diff and a simulated plan open nothing for writing`() throws {
    let output = try run(
      """
      git branch before
      sed -i 's/quantity: 1/quantity: 2/' apps/hello/app.yaml
      git commit -qam "Two"
      calls=open,openat,openat2,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2
      for command in "validate" "diff before" "plan" "catalog"; do
        strace -f -o trace -e trace=$calls muster $command >/dev/null || test $? = 1
        grep -E 'O_WRONLY|O_RDWR|O_CREAT|creat\\(|mkdir|unlink|rename' trace \\
          | grep -vE '"/(dev|proc|tmp/\\.|etc)/?' && { echo "$command writes"; exit 98; } || true
      done
      test ! -e "$MUSTER_STATE"
      """)
    #expect(!output.contains("writes"))
  }
}

extension Sandbox {
  /// Whether a program is in one of the usual places.
  static func hasProgram(_ name: String) -> Bool {
    ["/usr/local/bin", "/usr/bin", "/bin"].contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }
}
