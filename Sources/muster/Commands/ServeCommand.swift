// muster serve: the control loop as a daemon.

import ArgumentParser
import CLinux
import ControlLoop
import FormationModel
import Foundation
import Logging

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Keep what runs as git asks, for as long as the process lives.",
    discussion: """
      Polls the repository, wakes when a dyno ends, heals drift at once. While it runs, other \
      commands act through its socket. SIGTERM ends it, dynos run on; SIGHUP reads everything \
      again. Its log goes to standard error. docs/how-to/run-as-a-service.md sets it up.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var serving: ServeOptionGroup

  func run() async throws {
    // Half of what it would keep otherwise, at 100 apps.
    muster_give_back_memory()
    let settings = try options.settings()
    let serve = try ServeOptions(serving, environment: Surroundings.current.environment)
    let session = try await PlatformSession.act(settings, command: "serve")
    let crashPoint = Surroundings.current.environment["MUSTER_CRASH_AT"].flatMap(CrashPoint.init)
    try await Daemon(session, serve, crashPoint: crashPoint).run()
  }
}
