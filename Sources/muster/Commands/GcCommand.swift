// muster gc: frees what nothing kept needs.

import ArgumentParser
import Review
import StateStore

struct GcCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Free what nothing kept needs: old slugs, stacks, output, mirrors, leftovers.",
    discussion: """
      Data of add-ons, what dynos use and what a rollback needs stay. Works on a full disk, too. \
      Exit codes: 0 done; 1 something could not be removed; 2 unknown.
      """)

  @OptionGroup var options: GlobalOptions

  @Flag(help: "Say what would be freed, and free nothing.")
  var dryRun = false

  func run() async throws {
    let settings = try options.settings()
    try PlatformSession.requireBound(settings)
    let session =
      dryRun
      ? try await PlatformSession.look(settings)
      : try await PlatformSession.act(settings, command: "gc", needsReserve: true)
    let report = try await reporting {
      try await session.housekeeping().collect(isDry: dryRun)
    }
    if session.settings.format == .json {
      Terminal.say(CollectionJSON.document(report).document)
    } else {
      Terminal.write(CollectionText(style: Terminal.style).render(report))
    }
    try end(report.hasFailures ? .no : .done)
  }
}
