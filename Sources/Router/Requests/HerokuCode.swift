// Heroku's names for what can go wrong with a request, and what it says about each.

/// A code of Heroku's router. H16 and H23 are retired there.
enum HerokuCode: String, Codable, Hashable, Sendable, CaseIterable {
  case h10 = "H10"
  case h11 = "H11"
  case h12 = "H12"
  case h13 = "H13"
  case h14 = "H14"
  case h15 = "H15"
  case h17 = "H17"
  case h18 = "H18"
  case h19 = "H19"
  case h20 = "H20"
  case h21 = "H21"
  case h22 = "H22"
  case h24 = "H24"
  case h25 = "H25"
  case h26 = "H26"
  case h27 = "H27"
  case h28 = "H28"
  case h31 = "H31"
  case h32 = "H32"
  case h33 = "H33"
  case h34 = "H34"
  case h80 = "H80"
  case h81 = "H81"
  case h82 = "H82"
  case h99 = "H99"

  /// How bad it is, as a line says it.
  enum Level: String, Codable, Sendable {
    /// As somebody wants it to be.
    case info
    /// The client's doing.
    case warning
    /// The app's or the platform's doing.
    case error
  }

  /// How bad it is. Heroku: the 80s are states that somebody chose.
  var level: Level {
    switch self {
    case .h80, .h81, .h82: .info
    case .h27, .h28: .warning
    case .h10, .h11, .h12, .h13, .h14, .h15, .h17, .h18, .h19, .h20, .h21, .h22, .h24, .h25, .h26,
      .h31, .h32, .h33, .h34, .h99:
      .error
    }
  }

  /// Heroku's words for it.
  var words: String {
    switch self {
    case .h10: "App crashed"
    case .h11: "Backlog too deep"
    case .h12: "Request timeout"
    case .h13: "Connection closed without response"
    case .h14: "No web processes running"
    case .h15: "Idle connection"
    case .h17: "Poorly formatted HTTP response"
    case .h18: "Server Request Interrupted"
    case .h19: "Backend connection timeout"
    case .h20: "App boot timeout"
    case .h21: "Backend connection refused"
    case .h22: "Connection limit reached"
    case .h24: "Forced close"
    case .h25: "HTTP Restriction"
    case .h26: "Request Error"
    case .h27: "Client Request Interrupted"
    case .h28: "Client Connection Idle"
    case .h31: "Misdirected Request"
    case .h32: "TLS Certificate Mismatch"
    case .h33: "HTTP/2 Stream Broken"
    case .h34: "All up dynos are quarantined"
    case .h80: "Maintenance mode"
    case .h81: "Blank app"
    case .h82: "You've used up your dyno hour pool"
    case .h99: "Platform error"
    }
  }

  /// Whose end of the connection it was that broke, where that is known.
  var socket: String? {
    switch self {
    case .h18: "backend"
    case .h27: "client"
    case .h10, .h11, .h12, .h13, .h14, .h15, .h17, .h19, .h20, .h21, .h22, .h24, .h25, .h26, .h28,
      .h31, .h32, .h33, .h34, .h80, .h81, .h82, .h99:
      nil
    }
  }
}
