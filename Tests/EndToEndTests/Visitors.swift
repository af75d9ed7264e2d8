// Visitors of a router: requests all the time, and what came of each; and a port for the router.

import Foundation
import Testing

/// Requests by several visitors at once, one after the other each, on connections of their own.
final class Visitors {
  private let running: Running

  /// Whether there can be some here.
  static var canBe: Bool {
    ["/usr/bin/python3", "/usr/sbin/haproxy"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  private static let script = """
    import http.client, sys, threading, time
    port, host = int(sys.argv[1]), sys.argv[2]
    lock = threading.Lock()
    def visit():
        while True:
            at = time.time()
            try:
                call = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
                call.request("GET", "/", headers={"Host": host})
                answer = call.getresponse()
                answer.read()
                call.close()
                problem = None if answer.status == 200 else str(answer.status)
            except Exception as error:
                problem = repr(error)
            with lock:
                if problem:
                    print("failed", int(at * 1000), problem, flush=True)
                else:
                    print("answered", int(time.time() * 1000), flush=True)
            time.sleep(0.005)
    for _ in range(4): threading.Thread(target=visit).start()
    """
  private var forgotten = 0

  init(of host: String, port: Int) throws {
    running = try Running(
      "/usr/bin/python3", ["-c", Self.script, "\(port)", host], [:], in: "/")
  }

  private var lines: [Substring] {
    running.outputSoFar.split(separator: "\n").dropFirst(forgotten).map { $0 }
  }

  /// Requests that were not answered with 200.
  var failures: [Substring] { lines.filter { $0.hasPrefix("failed") } }
  private var answers: Int { lines.count { $0.hasPrefix("answered") } }

  /// Whether so many more are answered.
  func come(_ count: Int) -> Bool {
    let before = answers
    return eventually(within: 60) { self.answers >= before + count }
  }

  /// Whether one fails, or has failed, and many in a row are answered after the last that did.
  func recover() -> Bool {
    eventually(within: 60) {
      let lines = self.lines
      guard let last = lines.lastIndex(where: { $0.hasPrefix("failed") }) else { return false }
      return lines[last...].count > 100
    }
  }

  /// Milliseconds from the first failure to the first answer after the last one.
  var gap: Int {
    let lines = lines
    guard let first = lines.first(where: { $0.hasPrefix("failed") }),
      let last = lines.lastIndex(where: { $0.hasPrefix("failed") }), last + 1 < lines.endIndex
    else { return 0 }
    func time(_ line: Substring) -> Int { Int(line.split(separator: " ")[1]) ?? 0 }
    return time(lines[last + 1]) - time(first)
  }

  /// Begins to count anew.
  func forget() { forgotten = running.outputSoFar.split(separator: "\n").count }

  /// Ends it, whatever is under way; how many were answered in all.
  func end() throws -> Int {
    kill(running.pid, SIGKILL)
    let answer = try running.wait(limit: 60)
    return answer.output.split(separator: "\n").count { $0.hasPrefix("answered") }
  }

  func tearDown() { if running.isRunning { kill(running.pid, SIGKILL) } }
}

/// A port of this machine that nobody listens on.
enum FreePort {
  static func find() throws -> Int {
    let script = """
      import socket
      s = socket.socket()
      s.bind(("127.0.0.1", 0))
      print(s.getsockname()[1])
      """
    let answer = try MusterProgram.run("/usr/bin/python3", ["-c", script])
    return try #require(
      Int(answer.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(answer)")
  }
}
