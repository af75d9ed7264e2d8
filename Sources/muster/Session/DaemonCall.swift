// Hands a command to the daemon of its state directory, when one runs.

import Foundation
import Glibc
import Server

enum DaemonCall {
  /// Variables that commands read; nothing else of the environment leaves the process.
  private static let variables = [
    "MUSTER_REPO", "MUSTER_REF", "MUSTER_ENVIRONMENT", "MUSTER_RUNTIME", "MUSTER_FORMAT",
    "NO_COLOR", "TERM",
  ]

  /// What somebody has to know before they trust what they see.
  private static let nobodyKeeps = """
    note: `muster serve` has ended without being stopped; until it runs again, nothing is kept as \
    git asks: sudo systemctl restart muster
    """

  /// The exit code that the daemon's run of the command ended with; nil when no daemon runs.
  static func run(_ arguments: [String], for command: any ServedCommand) async throws -> Int32? {
    let settings = try command.options.settings()
    let folder = Composition.absolute(settings.state)
    guard let call = try await ControlCall.connect(to: folder) else {
      if ControlCall.wasLeft(in: folder) { Terminal.complain(Self.nobodyKeeps) }
      return nil
    }
    let here = Surroundings.process
    let request = ControlRequest(
      arguments: arguments,
      environment: here.environment.filter { variables.contains($0.key) }, folder: here.folder,
      isInteractive: here.isInteractive, zone: here.zone.identifier)
    return try await call.run(request, on: ProcessConsole())
  }
}
