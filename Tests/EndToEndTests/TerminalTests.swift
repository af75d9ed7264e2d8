// `muster run` and `muster exec` at a terminal, with the keys that a person presses.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized, .enabled(if: TestTerminal.canBe, "needs tmux, python3 and bash"))
  struct TerminalTests {
    /// This machine's Python and bash, in a folder that is a stack.
    private static let copyStack = #"""
      set -e
      mkdir -p "$1" && cd "$1"
      mkdir -p bin usr/bin dev etc proc run sys tmp app
      touch etc/hosts etc/resolv.conf
      python=$(readlink -f /usr/bin/python3)
      { ldd "$python" /usr/bin/bash | grep -o '/[^ ]*lib[^ ]*'
        ls -d /usr/lib/"${python##*/}"; } | sort -u | xargs cp -a -L --parents -t .
      cp -L "$python" usr/bin/python3
      cp -L /usr/bin/bash bin/bash
      ln -s bash bin/sh
      chmod -R a+rX .
      """#

    /// An app with both.
    private func shop() throws -> PlatformFixture {
      let platform = try PlatformFixture()
      let stack = platform.folder + "/stack"
      let copied = try MusterProgram.run("/usr/bin/bash", ["-c", Self.copyStack, "bash", stack])
      try #require(copied.code == 0, "\(copied)")
      try platform.write(
        "catalog:\n  stacks:\n    python: {folder: \(stack), shell: /bin/bash}\n",
        to: "platform.yaml")
      try platform.write(
        "worker: exec python3 -c 'import time; time.sleep(100000)'\n", to: "apps/shop/Procfile")
      try platform.write(
        "stack: python\nformation: {worker: {quantity: 1, min_healthy: 1s}}\n",
        to: "apps/shop/app.yaml")
      try platform.commit()
      return platform
    }

    private func open(on platform: PlatformFixture) throws -> TestTerminal {
      let program = URL(fileURLWithPath: MusterProgram.path).deletingLastPathComponent().path
      var variables = platform.variables
      variables["PATH"] = "\(program):/usr/bin:/bin"
      return try TestTerminal(variables, in: platform.folder, columns: 100, rows: 30)
    }

    /// A Python prompt, as a person uses it.
    private func talk(_ terminal: TestTerminal, _ command: String) throws {
      try terminal.type("clear")
      try terminal.expectPrompt()
      try terminal.type("\(command) -- python3 -q")
      try terminal.expect(">>> ", within: 60)
      try terminal.type("import os; 'size', os.get_terminal_size().columns")
      try terminal.expect("('size', 100)")
      try terminal.resize(columns: 120, rows: 40)
      try terminal.type("'again', os.get_terminal_size().columns, os.isatty(0)")
      try terminal.expect("('again', 120, True)")
      try terminal.resize(columns: 100, rows: 30)
      try terminal.type("import time; time.sleep(1000)")
      try terminal.press("C-c")
      try terminal.expect("KeyboardInterrupt")
      try terminal.type("6 * 7")
      try terminal.expect("42")
      try terminal.press("C-d")
      try terminal.expectPrompt()
      try terminal.type("echo code=$?")
      try terminal.expect("code=0")
      // The terminal is as it was: what is typed shows, and Ctrl-C ends a line.
      try terminal.type("\(command) -- bash")
      try terminal.expect("bash-")
      try terminal.type("echo $TERM; exit 7")
      try terminal.expect("xterm-256color")
      try terminal.expectPrompt()
      try terminal.type("echo code=$?")
      try terminal.expect("code=7")
    }

    @Test func `Python's prompt, a resize, Ctrl-C, Ctrl-D and exit 7`() throws {
      let platform = try shop()
      defer { platform.tearDown() }
      try platform.converge()
      let terminal = try open(on: platform)
      defer { terminal.close() }
      try talk(terminal, "muster run shop")
      try talk(terminal, "muster exec shop/worker")
      let daemon = try platform.serve()
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      try talk(terminal, "muster run shop")
      try talk(terminal, "muster exec shop/worker")
      // It ends with its terminal, though a shell does not heed SIGTERM.
      try terminal.type("clear")
      try terminal.expectPrompt()
      try terminal.type("muster run shop -- bash")
      try terminal.expect("bash-")
      #expect(try platform.muster("ps", "shop").output.contains("one-off processes (1)"))
      terminal.close()
      try expectInTime { try !platform.muster("ps", "shop").output.contains("one-off") }
      #expect(try platform.muster("events", "shop").output.contains("status 129"))
    }
  }
}
