// docs/reference/cli.md and the program's commands are one.

import Foundation
import Testing

@Suite struct `The command line's page` {
  /// What `muster --experimental-dump-help` says of a command.
  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let names: [Name]?
      let valueName: String?

      /// `--app`, or `TARGET` for what has no name of its own.
      var title: String {
        guard let names, !names.isEmpty else { return (valueName ?? "").uppercased() }
        let long = names.first { $0.kind == "long" }
        return long.map { "--\($0.name)" } ?? "-\(names[0].name)"
      }
    }
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
    let defaultSubcommand: String?

    /// The commands that do something, under the words that call them: a command with subcommands
    /// does what its default one does.
    func leaves(_ words: String = "") -> [(words: String, command: Command)] {
      let own = words.isEmpty ? commandName : "\(words) \(commandName)"
      let below = (subcommands ?? []).filter { $0.commandName != "help" }
      if below.isEmpty { return [(own, self)] }
      return below.flatMap { command in
        command.commandName == defaultSubcommand ? [(own, command)] : command.leaves(own)
      }
    }

    var titles: Set<String> {
      Set((arguments ?? []).map(\.title)).subtracting(["--help", "--version"])
    }
  }

  private struct Dump: Decodable {
    let command: Command
  }

  private func commands() throws -> [(words: String, command: Command)] {
    let sandbox = try Sandbox()
    defer { sandbox.remove() }
    let answer = try sandbox.run("muster --experimental-dump-help")
    let dump = try JSONDecoder().decode(Dump.self, from: Data(answer.output.utf8))
    return (dump.command.subcommands ?? []).filter { $0.commandName != "help" }
      .flatMap { $0.leaves() }
  }

  /// The page's sections by heading; a section ends at the next heading.
  private func sections() throws -> [String: String] {
    let page = try String(
      contentsOfFile: "\(Sandbox.repository)/docs/reference/cli.md", encoding: .utf8)
    var sections: [String: String] = [:]
    var heading = ""
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") { heading = line.drop { $0 == "#" || $0 == " " }.description }
      sections[heading, default: ""] += line + "\n"
    }
    return sections
  }

  /// The first cells of a section's tables: each option by its long name, each argument as written.
  private func titles(in section: String) -> Set<String> {
    let cells = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      row.dropFirst(2).components(separatedBy: " | ")[0]
    }
    return Set(
      cells.compactMap { cell in
        let words = cell.split { "` ,".contains($0) }.map(String.init)
        return words.first { $0.hasPrefix("--") } ?? words.first
      })
  }

  @Test(.enabled(if: Sandbox.hasExecutable, "the executable was not built"))
  func `names every command and option that there is, and nothing else`() throws {
    let sections = try sections()
    let commands = try commands()
    let documented = sections.keys.filter { $0.hasPrefix("muster ") }
    #expect(Set(documented) == Set(commands.map { "muster \($0.words)" }))
    let common = titles(in: sections["Common options"] ?? "")
    let platform = titles(in: sections["Platform options"] ?? "").union(common)
    #expect(common.count == 9 && platform.count == 10)
    for (words, command) in commands {
      let section = sections["muster \(words)"] ?? ""
      var written = titles(in: section)
      if section.contains("(#platform-options)") { written.formUnion(platform) }
      if section.contains("(#common-options)") { written.formUnion(common) }
      #expect(written == command.titles, "muster \(words)")
    }
  }
}
