// muster reconcile: passes until converged or nothing can move.

import ArgumentParser
import FormationModel
import Review

struct ReconcileCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: "Make what runs match what git asks for; end when it does, or nothing can move.",
    discussion: """
      Exit codes: 0 converged, and a second pass proved it; 1 something failed or is not valid; \
      2 could not find out; 3 only holds are left; 4 not done within --timeout. With PLANFILE just \
      that plan is carried out; when it is out of date, nothing is done and the code is 1.
      """)

  @Argument(help: "A plan that `muster plan --out` saved: do that and nothing else.")
  var planfile: String?

  @OptionGroup var options: GlobalOptions

  @Option(name: [.customShort("a"), .long], help: "Only this app; may be given several times.")
  var app: [String] = []

  @Flag(help: "Show the plan and change nothing, as `muster plan` does.")
  var dryRun = false

  @Flag(help: "Bind the state directory to another repository, ref, environment or runtime.")
  var rebind = false

  @Option(help: "How long it may take: 90s, 10m, 1h.")
  var timeout = "10m"

  func validate() throws {
    if planfile != nil, dryRun || rebind || !app.isEmpty {
      throw ValidationError("PLANFILE excludes --app, --dry-run and --rebind: it says it all.")
    }
  }

  func run() async throws {
    let limit = try TimeSpan.read(timeout)
    let settings = try options.settings()
    if dryRun { return try await PlanLook(settings: settings, apps: app).run() }
    let file = planfile.map(SavedPlanFile.init)
    if file != nil, Surroundings.current.daemon != nil {
      throw CommandFailure(
        .no, "`muster serve` acts here, and does all that git asks for, not a saved plan alone",
        fix: "stop it first: systemctl stop muster")
    }
    let saved = try await file?.read()
    // Before anything is bound or locked: a plan made for another place changes nothing here.
    if let saved { try await file?.check(saved, in: .look(settings)) }
    let session = try await PlatformSession.act(settings, command: "reconcile", rebinds: rebind)
    if let saved { try await file?.check(saved, in: session) }
    var run = Reconciliation(session: session, only: try AppNames.read(app))
    if let saved {
      run = Reconciliation(session: session, only: saved.basis.only.map(Set.init))
      run.saved = saved
    }
    try await run.run(within: limit)
  }
}

/// A time span on the command line.
struct TimeSpan {
  let duration: Duration

  /// The span that the text says; a usage failure when it says none.
  static func read(_ text: String) throws -> Duration {
    guard let span = TimeSpan(text) else {
      throw CommandFailure(
        .usage, "\(text) is not a time span", fix: "write it as 90s, 10m or 1h")
    }
    return span.duration
  }

  /// Reads `500ms`, `90s`, `10m`, `2h`, `1d`; nil for anything else.
  init?(_ text: String) {
    let units: [(String, Int64)] = [
      ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    for (unit, milliseconds) in units where text.hasSuffix(unit) {
      guard let count = Int64(text.dropLast(unit.count)), (1...1_000_000).contains(count) else {
        continue
      }
      duration = .milliseconds(count * milliseconds)
      return
    }
    return nil
  }
}
