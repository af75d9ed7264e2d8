// A terminal that a test sits at: keys go in, the screen comes out, and it can be resized.

import Foundation
import Testing

/// A terminal with a shell in it.
final class TestTerminal {
  /// Whether there can be one.
  static let canBe = ["/usr/bin/tmux", "/usr/bin/python3", "/usr/bin/bash"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private let socket: String
  private let variables: [String: String]

  /// Starts a program without this process's descriptors (whoever waits for what has begun with
  /// them waits for the terminal's end) and with no signal held back.
  private static let apart = """
    import signal, subprocess, sys
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    sys.exit(subprocess.call(sys.argv[1:]))
    """

  /// Opens one; its shell starts in the folder, with these variables.
  init(_ variables: [String: String], in folder: String, columns: Int, rows: Int) throws {
    socket = folder + "/terminal"
    self.variables = MusterProgram.environment.merging(variables) { _, new in new }
      .merging(["TERM": "xterm-256color", "PS1": "$ ", "ENV": "", "SHELL": "/bin/sh"]) { $1 }
    let settings = folder + "/terminal.conf"
    try "set -g default-terminal xterm-256color\n"
      .write(toFile: settings, atomically: true, encoding: .utf8)
    let begun = try MusterProgram.run(
      "/usr/bin/python3",
      [
        "-c", Self.apart, "/usr/bin/tmux", "-S", socket, "-f", settings, "new-session", "-d", "-x",
        "\(columns)", "-y", "\(rows)", "-c", folder, "/bin/sh",
      ], self.variables, in: folder)
    try #require(begun.code == 0, "tmux: \(begun)")
    try expectPrompt()
  }

  @discardableResult
  private func tmux(_ words: [String]) throws -> String {
    let answer = try MusterProgram.run("/usr/bin/tmux", ["-S", socket] + words, variables)
    try #require(answer.code == 0, "tmux \(words): \(answer)")
    return answer.output
  }

  /// Types a line and Return.
  func type(_ line: String) throws {
    try tmux(["send-keys", "-l", line])
    try press("Enter")
  }

  /// Presses one key, as tmux names it: `C-c`.
  func press(_ key: String) throws { try tmux(["send-keys", key]) }

  /// Changes its size.
  func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// What stands on it, with what was scrolled away.
  var screen: String { (try? tmux(["capture-pane", "-p", "-J", "-S", "-"])) ?? "" }

  /// Waits until the words stand on it.
  func expect(_ words: String, within seconds: Double = 30) throws {
    let isThere = eventually(within: seconds) { screen.contains(words) }
    try #require(isThere, "no \(words) on the screen:\n\(screen)")
  }

  /// Waits until its shell waits for a line.
  func expectPrompt() throws {
    let isThere = eventually {
      screen.split(separator: "\n").last?.trimmingCharacters(in: .whitespaces) == "$"
    }
    try #require(isThere, "no prompt on the screen:\n\(screen)")
  }

  /// Hangs up: the terminal is gone, and what runs in it is told.
  func close() {
    _ = try? MusterProgram.run("/usr/bin/tmux", ["-S", socket, "kill-server"], variables)
  }
}
