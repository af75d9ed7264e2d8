// Starts HAProxy: from nothing, or in place of a process that hands over its listening sockets and
// then ends what it still has. Why a start failed is worded here.

import ChildProcesses
import FormationModel
import Glibc

/// Starts processes.
struct ProxyLauncher: Sendable {
  /// The program's path; nil: the one that is installed.
  let program: String?
  private let lanes = BlockingLanes("router-start", width: 1)
  /// Longer than HAProxy itself tries to get a port that its predecessor has.
  private static let patience = Duration.seconds(20)

  init(program: String?) { self.program = program }

  /// Starts a process with the files of a generation, which tells of requests through the pipe;
  /// when this returns it listens. The old one then takes no new visitor. Fails with `no-haproxy`,
  /// `router-address`, `bad-certificate` or `router-start`; then nothing has changed.
  func start(
    _ generation: Generation, telling pipe: RequestPipe, replacing old: ProxyProcess?,
    certificates: String?
  ) async throws(EffectFailure) {
    var arguments = ["-D", "-f", generation.configuration, "-p", generation.pid]
    if let old { arguments += ["-x", old.generation.admin, "-sf", "\(old.pid)"] }
    var command = Command(try path(), arguments)
    command.inherited = pipe.descriptor
    command.outlives = true
    command.timeout = Self.patience
    let result = try await run(command, holding: pipe)
    guard result.code != 0 else { return }
    throw StartComplaint(result.errors).failure(certificates: certificates)
  }

  /// Runs it elsewhere, so that whoever asks the router meanwhile is heard.
  private func run(
    _ command: Command, holding pipe: RequestPipe
  ) async throws(EffectFailure) -> Command.Result {
    try await lanes.run {
      withExtendedLifetime(pipe) {
        Result { () throws(EffectFailure) in try command.run() }
      }
    }.get()
  }

  /// The program that is started; nil when it is not installed.
  var found: String? {
    let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":")
    let places = program.map { [$0] } ?? (folders + ["/usr/sbin"]).map { "\($0)/haproxy" }
    return places.first { access($0, X_OK) == 0 }
  }

  private func path() throws(EffectFailure) -> String {
    if let found { return found }
    throw EffectFailure(
      "no-haproxy", "the program `\(program ?? "haproxy")` is not installed",
      fix: "apt-get install haproxy", retry: .whenMachineIsMended)
  }
}
