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
    // The daemon's state directory is bound, and not named by what the caller said.
    if Surroundings.current.daemon == nil { try checkBound(settings) }
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

  /// A state directory that nothing was reconciled into has nothing to free, and stays unbound.
  private func checkBound(_ settings: Settings) throws {
    try reporting {
      let state = try StateFolder.open(path: settings.state, mode: .readOnly)
      guard state.exists, try state.binding.read() != nil else {
        throw CommandFailure(
          .unknown, "\(state.path) is no state directory of a platform",
          fix: "the first `muster reconcile` makes it, or name another one with --state DIR")
      }
    }
  }
}
