// Runs the `git` program: a child in a session of its own, with an environment and configuration of
// Muster's own, a deadline, and a bound on what it prints. What to run is decided by who calls.

import Effects
import Glibc
import Subprocess
import SystemPackage

/// How a `git` child ended.
enum GitChildResult: Sendable {
  /// It ended with 0.
  case printed(String)
  /// It ended otherwise; what it said on standard error, its last lines.
  case failed(String)
  /// It was killed at the deadline.
  case timedOut
  /// It could not be started, or printed more than the limit.
  case notRun(String)
}

/// Runs `git` children.
struct GitChild: Sendable {
  /// The configuration file that stands in for the user's and the machine's.
  let configuration: String
  /// What a child may print, in bytes.
  let outputLimit: Int

  /// Runs `git` with these arguments; it and its own children end by the deadline.
  func run(_ arguments: [String], deadline: Duration) async -> GitChildResult {
    await withTaskGroup(of: GitChildResult?.self) { group in
      group.addTask { await finish(arguments) }
      group.addTask {
        try? await Task.sleep(for: deadline)
        return Task.isCancelled ? nil : .timedOut
      }
      let first = await group.next() ?? nil
      // Cancelling the other one kills the whole session of the child and waits for its end.
      group.cancelAll()
      await group.waitForAll()
      return first ?? .timedOut
    }
  }

  private func finish(_ arguments: [String]) async -> GitChildResult {
    var options = PlatformOptions()
    // A session of its own, killed at once as a whole: ssh and the remote helpers must not outlive
    // it, and what it leaves half done is swept by the mirror.
    options.createSession = true
    options.teardownSequence = [
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
    ]
    do {
      let result = try await Subprocess.run(
        .name("git"), arguments: Arguments(Self.hardening + arguments),
        environment: .custom(environment()), workingDirectory: "/", platformOptions: options,
        input: .none, output: .bytes(limit: outputLimit), error: .bytes(limit: 1 << 20))
      guard case .exited(0) = result.terminationStatus else {
        return .failed(Self.lastLines(of: result.standardError))
      }
      return .printed(String(decoding: result.standardOutput, as: UTF8.self))
    } catch let error as SubprocessError where error.code == .executableNotFound {
      return .notRun("the program `git` is not installed")
    } catch {
      return .notRun("git: \(String(describing: error).printable)")
    }
  }

  /// Options that no file of a repository may override.
  private static let hardening = [
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c",
    "protocol.ext.allow=never",
  ]

  /// Nothing is inherited but what finding programs, hosts, keys and certificates needs.
  private func environment() -> [Environment.Key: String] {
    var environment: [Environment.Key: String] = [
      "GIT_CONFIG_GLOBAL": configuration,
      "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_ALLOW_PROTOCOL": "https:ssh:file",
      "GIT_TERMINAL_PROMPT": "0",
      "GIT_ASKPASS": "",
      "SSH_ASKPASS": "",
      "GIT_NO_LAZY_FETCH": "1",
      "GIT_OPTIONAL_LOCKS": "0",
      "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=15 -oServerAliveInterval=15",
      "LC_ALL": "C",
    ]
    for name in Self.passedOn {
      guard let value = getenv(name) else { continue }
      environment[Environment.Key(stringLiteral: name)] = String(cString: value)
    }
    return environment
  }

  private static let passedOn = [
    "PATH", "HOME", "SSH_AUTH_SOCK", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
    "no_proxy", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
  ]

  private static func lastLines(of bytes: [UInt8]) -> String {
    let lines = bytes.split(separator: UInt8(ascii: "\n")).suffix(3)
    return lines.map { String(decoding: $0, as: UTF8.self).printable }.joined(separator: "; ")
  }
}
