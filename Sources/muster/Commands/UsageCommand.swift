// muster usage: what takes disk, memory and time, by kind.

import ArgumentParser
import Review
import StateStore

struct UsageCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage",
    abstract: "Show what takes disk, memory and CPU, by kind, and what is free.")

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    try session.requireFolder()
    let report = try await reporting { try await session.measuring.usage() }
    if session.settings.format == .json {
      Terminal.say(UsageJSON.document(report).document)
    } else {
      Terminal.write(UsageText(style: Terminal.style).render(report))
    }
  }
}
