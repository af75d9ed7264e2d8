// What a request came to in Heroku's terms: the code by how HAProxy says that it ended, the status
// that the client saw, the time that the dyno had.

import FormationModel

extension RequestRecord {
  /// The code; nil when nothing went wrong on the way, whatever the app answered.
  var code: HerokuCode? {
    if let verdict { return verdict }
    guard termination != "--", let cause = termination.first, let phase = termination.last else {
      return nil
    }
    // First whose doing it was, then in which phase, as HAProxy's manual lists them in 8.5. What
    // each comes to was provoked with HAProxy 2.6.
    switch cause {
    // The client left: before a dyno had its request, while it waited, in the middle of the answer.
    case "C": return .h27
    // The client was silent: in its request, in reading the answer, on its WebSocket.
    case "c": return .h28
    case "S": return dynoBroke(in: phase)
    case "s": return dynoWasSilent(in: phase)
    case "P": return proxyRefused(in: phase)
    // HAProxy answered by itself: hosts of no app, redirects. Only `Expect` it refuses this way.
    case "L": return notedStatus == 417 ? .h26 : nil
    // Sockets, memory or ports are used up; or a check of HAProxy itself failed.
    case "R", "I": return .h99
    // A health check took the dyno out, with the request on it.
    case "D": return hasAnswer ? .h18 : .h13
    // Somebody ended the session, as happens to what is left when a dyno's drain ends.
    case "K", "U": return .h24
    default: return nil
    }
  }

  /// The status that the client saw; where it saw none, the one that Heroku notes.
  var status: Int? {
    switch code {
    // HAProxy notes what it meant (502, 504) and sends the page that is configured for it.
    case .h12, .h13, .h17, .h19, .h21: hasAnswer ? notedStatus : 503
    // It notes 400 or 503 for clients that were gone.
    case .h27: hasAnswer ? notedStatus : 499
    case .h28: notedStatus ?? 499
    case .h10, .h11, .h14, .h15, .h18, .h20, .h22, .h24, .h25, .h26, .h31, .h32, .h33, .h34, .h80,
      .h81, .h82, .h99:
      notedStatus ?? 503
    case nil: notedStatus
    }
  }

  /// From the dyno's connection to the end of the answer; nil when there was no connection.
  var service: Duration? {
    guard let total, let connect else { return nil }
    return max(.zero, total - (queue ?? .zero) - connect)
  }

  /// Whether the dyno's answer had begun.
  private var hasAnswer: Bool { response != nil }

  private func dynoBroke(in phase: Character) -> HerokuCode {
    switch phase {
    // Refused, after the retries. Without a dyno: HAProxy has none for an app that is said to have
    // some, and that is our fault.
    case "C", "Q": server.isEmpty ? .h99 : .h21
    // In the middle of the answer.
    case "D", "L": .h18
    // Before the answer's head was whole.
    default: .h13
    }
  }

  private func dynoWasSilent(in phase: Character) -> HerokuCode {
    switch phase {
    case "C": .h19
    // Every dyno was busy for as long as a request may wait.
    case "Q": .h11
    case "D", "L": .h15
    default: .h12
    }
  }

  private func proxyRefused(in phase: Character) -> HerokuCode? {
    switch phase {
    // No request, or one that a rule denies.
    case "R": .h26
    // 400: a chunk of the request was broken. Otherwise the dyno's answer was no HTTP.
    case "H": notedStatus == 400 ? .h26 : .h17
    // A broken chunk after the dyno had answered: it has its answer.
    default: nil
    }
  }
}
