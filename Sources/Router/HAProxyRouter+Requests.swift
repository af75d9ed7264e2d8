// The requests that HAProxy tells of: taken while a Muster is at work that means to, kept on disk,
// and read by whoever asks.

package import Effects
package import FormationModel
import Glibc

extension HAProxyRouter {
  /// Begins to take HAProxy's lines. That it fails costs lines, and no request.
  func collect() {
    guard collects, collector == nil else { return }
    do throws(EffectFailure) {
      try makeJail()
      collector = try RequestCollector(folder)
      collectorFailure = nil
      watchLosses()
    } catch {
      collectorFailure = error
    }
  }

  /// Takes no line any more, and writes what is known. HAProxy goes on; what it tells meanwhile
  /// waits in the pipe, and what finds no room there is noted as lost by the next one who reads.
  package func stopCollecting() {
    accountForLosses()
    forgetLosses()
    collector?.stop()
    collector = nil
  }

  /// What the log has, and a follower.
  package func requestLines(
    _ query: LogQuery
  ) async throws(EffectFailure) -> (lines: [RequestLine], following: any RequestFollowing) {
    let (entries, follower) = try RequestLog(folder).following(query)
    return (entries.map(RequestLine.init), follower)
  }

  /// What is counted; what was counted last where nobody counts now.
  package func requests() async -> RequestMetrics? {
    guard var metrics = collector?.metrics() ?? MetricsFile(folder).read() else { return nil }
    guard let proxy, !proxy.hasEnded, let socket = try? AdminSocket.open(proxy.generation.admin),
      let answer = try? socket.ask("show stat -1 2 -1"),
      let sessions = AdminAnswer.backendSessions(answer)
    else { return metrics }
    for index in metrics.apps.indices {
      metrics.apps[index].active = metrics.apps[index].app.flatMap { sessions[$0.backend] }
    }
    return metrics
  }

  func makeJail() throws(EffectFailure) {
    try RouterFiles.makeFolder(folder.jail, mode: 0o755)
    // HAProxy enters it as another user.
    chmod(folder.jail, 0o755)
  }
}

extension RequestLine {
  init(_ entry: RequestEntry) {
    self.init(at: entry.at, app: entry.app, text: RouterLine.text(entry))
  }
}

extension RequestFollower: RequestFollowing {
  func next() throws(EffectFailure) -> [RequestLine] {
    try entries().map(RequestLine.init)
  }
}
