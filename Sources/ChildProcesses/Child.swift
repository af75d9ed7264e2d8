// A child process: how it is started, waited for and killed.

import CLinux
package import FormationModel
import Glibc

/// A process that this one started and has to wait for.
package struct Child {
  /// Its process id, which stays its own until `wait` returns.
  package let pid: Int32

  /// Starts a program. `descriptors` become 0, 1, 2, 3, 4; -1 stands for /dev/null.
  package static func start(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    descriptors: [Int32], network: Int32? = nil, folder: String? = nil, newSession: Bool = false
  ) throws(EffectFailure) -> Child {
    let name = program.split(separator: "/").last.map(String.init) ?? program
    let variables = baseEnvironment.merging(environment) { _, own in own }
    let words = CStrings([name] + arguments)
    let settings = CStrings(variables.map { "\($0.key)=\($0.value)" }.sorted())
    let start = folder.map { strdup($0) } ?? nil
    defer {
      Glibc.free(start)
      words.free()
      settings.free()
    }
    var numbers: [Int32] = [-1, -1, -1, -1, -1]
    for (index, descriptor) in descriptors.prefix(5).enumerated() { numbers[index] = descriptor }
    let pid = program.withCString { path in
      var plan = muster_spawn_plan(
        path: path, arguments: words.pointer, environment: settings.pointer,
        descriptors: (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]),
        network: network ?? -1, folder: start, new_session: newSession ? 1 : 0)
      return muster_spawn(&plan)
    }
    guard pid > 0 else { throw .lastError("cannot start \(program)") }
    return Child(pid: pid)
  }

  /// Waits for its end: the exit code, 128 + n for signal n.
  package func wait() -> Int {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      if errno != EINTR { return 255 }
    }
    let signalNumber = Int(status & 0x7f)
    return signalNumber == 0 ? Int(status >> 8 & 0xff) : 128 + signalNumber
  }

  /// Whether it has ended and waits to be waited for.
  package var hasEnded: Bool {
    var what = siginfo_t()
    guard waitid(P_PID, id_t(pid), &what, WEXITED | WNOHANG | WNOWAIT) == 0 else { return true }
    return what.si_signo != 0
  }

  /// Ends it at once; with its group, when it has one of its own.
  package func kill(withGroup: Bool = false) { _ = Glibc.kill(withGroup ? -pid : pid, SIGKILL) }

  /// What every child gets: no proxy of the caller's, no locale, no secret.
  package static let baseEnvironment = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
  ]
}

/// Strings as C wants them: an array of pointers that ends with NULL.
private struct CStrings {
  let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    pointer = .allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { pointer[index] = strdup(string) }
    pointer[strings.count] = nil
  }

  func free() {
    for index in 0..<count { Glibc.free(pointer[index]) }
    pointer.deallocate()
  }
}
