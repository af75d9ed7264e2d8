// How many web dynos take requests, sampled from the outside all the time: those to which the
// router sends visitors and which answer on their own address.

import Foundation
import Testing

/// A watcher at work.
final class HealthyWatch {
  private let running: Running

  /// Looks every few milliseconds. A server that does not answer counts as well when the router has
  /// let go of it meanwhile: nobody was sent to it.
  private static let script = #"""
    import http.client, os, socket, sys, time
    folder, backend = sys.argv[1], sys.argv[2]
    def servers():
        generations = [int(name) for name in os.listdir(folder) if name.isdigit()]
        ask = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        ask.settimeout(5)
        ask.connect("%s/%d/admin.sock" % (folder, max(generations)))
        ask.sendall(b"show stat\n")
        text = b""
        while True:
            part = ask.recv(65536)
            if not part: break
            text += part
        ask.close()
        rows = [row.split(",") for row in text.decode().lstrip("# ").splitlines() if row]
        titles = rows[0]
        found = {}
        for row in (dict(zip(titles, row)) for row in rows[1:]):
            if row["pxname"] != backend or row["svname"] in ("FRONTEND", "BACKEND"): continue
            if row["status"] in ("UP", "no check"): found[row["svname"]] = row["addr"]
        return found
    def answers(address):
        try:
            call = http.client.HTTPConnection(address, timeout=2)
            call.request("GET", "/")
            answer = call.getresponse()
            answer.read()
            call.close()
            return answer.status == 200
        except OSError:
            return False
    while True:
        try:
            seen = servers()
            silent = [name for name in seen if not answers(seen[name])]
            if silent:
                now = servers()
                silent = [name for name in silent if name in now]
        except (OSError, ValueError) as error:
            print("blind", repr(error), flush=True)
            continue
        print("healthy", len(seen) - len(silent), *sorted(silent), flush=True)
        time.sleep(0.02)
    """#

  /// Watches the web dynos of one app.
  init(_ platform: PlatformFixture, backend: String) throws {
    let controller = try #require(platform.dynos.controller)
    running = try Running(
      "/usr/bin/python3", ["-c", Self.script, "/run/muster/\(controller)/router", backend])
  }

  private var lines: [Substring] { running.outputSoFar.split(separator: "\n") }

  /// How many were healthy, in each sample.
  var samples: [Int] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      return words.first == "healthy" && words.count > 1 ? Int(words[1]) : nil
    }
  }

  /// Samples with fewer, as they were written.
  func samples(below number: Int) -> [Substring] {
    lines.filter { line in
      let words = line.split(separator: " ")
      return words.first == "healthy" && words.count > 1 && (Int(words[1]) ?? 0) < number
    }
  }

  /// Whether so many more samples come.
  func come(_ count: Int) -> Bool {
    let before = samples.count
    return eventually(within: 30) { self.samples.count >= before + count }
  }

  /// Ends it; everything that it could not see.
  func end() throws -> [String] {
    kill(running.pid, SIGKILL)
    let answer = try running.wait(limit: 60)
    return answer.output.split(separator: "\n").filter { $0.hasPrefix("blind") }.map(String.init)
      + (answer.errors.isEmpty ? [] : [answer.errors])
  }

  func tearDown() { if running.isRunning { kill(running.pid, SIGKILL) } }
}
