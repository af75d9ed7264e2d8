// Starts HAProxy: from nothing, or in place of a process that hands over its listening sockets and
// then ends what it still has. Why a start failed is worded here.

import FormationModel
import Glibc
import Subprocess
import SystemPackage

/// Starts processes.
struct ProxyLauncher: Sendable {
  /// The program's path; nil: the one that is installed.
  let program: String?
  /// Longer than HAProxy itself tries to get a port that its predecessor has.
  private static let patience = Duration.seconds(20)

  /// Starts a process with the files of a generation; when this returns it listens. The old one
  /// then takes no new visitor. Fails with `no-haproxy`, `router-address`, `bad-certificate` or
  /// `router-start`; then nothing has changed.
  func start(
    _ generation: Generation, replacing old: ProxyProcess?, certificates: String?
  ) async throws(EffectFailure) {
    var arguments = ["-D", "-f", generation.configuration, "-p", generation.pid]
    if let old { arguments += ["-x", old.generation.admin, "-sf", "\(old.pid)"] }
    guard let said = await run(try path(), arguments) else { return }
    throw StartComplaint(said).failure(certificates: certificates)
  }

  /// What it said; nil when it ended with 0.
  private func run(_ path: String, _ arguments: [String]) async -> String? {
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = [
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
    ]
    let prepared = options
    return await withTaskGroup(of: String?.self) { group in
      group.addTask {
        do {
          let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments),
            environment: .custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]),
            workingDirectory: "/", platformOptions: prepared, input: .none, output: .discarded,
            error: .bytes(limit: 1 << 20))
          if case .exited(0) = result.terminationStatus { return nil }
          return String(decoding: result.standardError, as: UTF8.self)
        } catch {
          return "\(error)"
        }
      }
      group.addTask {
        try? await Task.sleep(for: Self.patience)
        return Task.isCancelled ? nil : "it did not start within \(Self.patience)"
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      await group.waitForAll()
      return first
    }
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
