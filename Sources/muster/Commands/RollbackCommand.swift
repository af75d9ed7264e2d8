// muster rollback: back to an earlier release; what is left does not come back by itself.

import ArgumentParser
import ControlLoop
import FormationModel
import ManifestParsing
import Planning
import Review

struct RollbackCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Go back to an earlier release: its slug, stack, commands and config vars.",
    discussion: """
      Makes a new release. Quantities, sizes, domains and the values of secrets stay as they are. \
      The content that is left is held, whatever commit carries it, until other content comes or \
      `muster retry`. Passes all holds but `suspend: everything`. Then passes run as \
      `muster reconcile` runs them, with its exit codes; that the left content is held counts \
      as done.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions

  @Argument(
    help: .init(
      "The app, and the release to go back to (v7). Without one: the last that stood.",
      valueName: "app"))
  var words: [String] = []

  @Option(name: [.customShort("a"), .customLong("app")], help: "The app.")
  var namedApp: String?

  @Flag(help: "Show what would be gone back to, and do nothing.")
  var dryRun = false

  func run() async throws {
    let words = try ReleaseWords(words, app: namedApp)
    let session =
      dryRun
      ? try await OrderSession.look(options)
      : try await OrderSession.open(options, order, command: "rollback")
    let app = try session.app(words.appName)
    let (current, target) = try releases(of: app, session, to: words.number)
    let left = "v\(current.number)"
    say(app, current, target, session)
    if dryRun { return }
    let wish = Wish.rollback(app, to: target.number)
    advise(app, current, target, session)
    try await session.give([wish], reason: order.reason, only: [app]) { hold in
      guard case .contentHeld(let held) = hold.cause else { return false }
      return hold.app == app && "v\(held.release)" == left
    }
  }

  /// The newest release, and the one to go back to. What cannot be is refused before anything.
  private func releases(
    of app: AppName, _ session: OrderSession, to number: Int?
  ) throws -> (current: Release, target: Release) {
    let memory = session.session.memory
    let order = Order(by: "", at: WallClock.now(), .rollback(app, to: number))
    let refusal = order.refusal(
      in: session.before.formation, memory: memory, catalog: ShippedCatalog.catalog)
    if let refusal { throw session.refusal(refusal.message, fix: refusal.fix) }
    guard let known = memory.apps[app], let current = known.currentRelease,
      let target = number.map({ number in known.releases.first { $0.number == number } })
        ?? known.releaseToReturnTo
    else { throw session.refusal("\(app) has no release to go back to", fix: nil) }
    return (current, target)
  }

  private func say(
    _ app: AppName, _ current: Release, _ target: Release, _ session: OrderSession
  ) {
    guard session.session.settings.format == .text else { return }
    let changes = current.content.changes(to: target.content).map(FieldChangeText.words)
    Terminal.say(
      "\(dryRun ? "Would roll" : "Rolling") ⬢ \(app) back from v\(current.number) to "
        + "v\(target.number) (\(target.summary)):")
    for change in changes { Terminal.say("  \(change)") }
  }

  /// Git goes on to ask for what is left: the line that ends this.
  private func advise(
    _ app: AppName, _ current: Release, _ target: Release, _ session: OrderSession
  ) {
    guard session.session.settings.format == .text else { return }
    let since = session.session.memory.apps[app]?.releases.filter { $0.number > target.number }
    var commits: [String] = []
    for release in (since ?? []).reversed()
    where release.revision != target.revision && !commits.contains(release.revision.short) {
      commits.append(release.revision.short)
    }
    if commits.isEmpty { return }
    Terminal.say(
      "Git still asks for v\(current.number). To have git say what runs: "
        + "git revert \(commits.joined(separator: " "))")
  }
}
