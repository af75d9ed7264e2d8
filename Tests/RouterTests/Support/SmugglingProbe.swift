// One attempt to make a router and the server behind it read the same bytes in two ways, and what
// has to come of it.

/// An attempt.
struct SmugglingProbe: Sendable {
  /// When the bytes are sent that come next.
  enum Pause: Sendable {
    /// Once bytes of this probe came to the server.
    case forArrival
    /// Once the router has answered something.
    case forAnswer
  }

  let name: String
  /// What is sent at once.
  private(set) var bytes: [UInt8]
  /// What is sent later.
  private(set) var later: [(Pause, [UInt8])] = []
  let expected: Expected
  /// A request at its end, on the same connection, is what a smuggled one would swallow.
  private(set) var hasEnd = true
  private(set) var sendsByteByByte = false
  /// Whether the visitor goes once something of it came to the server.
  private(set) var breaksOff = false

  /// What has to come of it.
  struct Expected: Sendable {
    /// The statuses of the answers, with spaces between.
    let answers: String
    /// The requests that the server gets: `POST /a 5` has five bytes of body, `POST /a cut` fewer
    /// than it says.
    let arrivals: [String]

    /// It, and the connection with it, is refused.
    static func refused(_ status: Int) -> Expected { Expected(answers: "\(status)", arrivals: []) }

    /// It alone is refused: where it ends is beyond doubt, so the connection goes on.
    static func refusedAlone(_ status: Int) -> Expected {
      Expected(answers: "\(status) 200", arrivals: [end])
    }

    /// It is these requests, and the one at its end.
    static func passes(_ arrivals: String...) -> Expected {
      let answers = Array(repeating: "200", count: arrivals.count + 1)
      return Expected(answers: answers.joined(separator: " "), arrivals: arrivals + [end])
    }

    /// It is this request, and the connection ends with it.
    static func passesLast(_ arrival: String) -> Expected {
      Expected(answers: "200", arrivals: [arrival])
    }

    /// Anything else.
    static func comes(_ answers: String, _ arrivals: String...) -> Expected {
      Expected(answers: answers, arrivals: arrivals)
    }

    private static let end = "GET /end 0"
  }

  /// A request with these lines and this body; the host comes after the first line.
  init(_ name: String, _ lines: [String], _ body: String, _ expected: Expected) {
    let all = [lines.first ?? "", "Host: shop.test"] + lines.dropFirst()
    self.init(name, raw: all.joined(separator: "\r\n") + "\r\n\r\n" + body, expected)
  }

  /// The same without a body.
  init(_ name: String, _ lines: [String], _ expected: Expected) {
    self.init(name, lines, "", expected)
  }

  /// A request, byte for byte.
  init(_ name: String, raw: String, _ expected: Expected) {
    self.name = name
    bytes = Array(raw.utf8)
    self.expected = expected
  }

  /// The same with more bytes.
  func then(_ pause: Pause, _ text: String) -> SmugglingProbe {
    var probe = self
    probe.later.append((pause, Array(text.utf8)))
    return probe
  }

  /// The same without the request at its end.
  var endless: SmugglingProbe {
    var probe = self
    probe.hasEnd = false
    return probe
  }

  /// The same from a visitor who does not wait for an answer.
  var brokenOff: SmugglingProbe {
    var probe = endless
    probe.breaksOff = true
    return probe
  }

  /// The same, each byte in a packet of its own.
  var byteByByte: SmugglingProbe {
    var probe = self
    probe.sendsByteByByte = true
    return probe
  }

  /// What is sent, and after what.
  var parts: [(Pause?, [UInt8])] {
    var parts: [(Pause?, [UInt8])] = [(nil, bytes)] + later
    let end = "GET /end HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"
    if hasEnd { parts[parts.count - 1].1 += Array(end.utf8) }
    return parts
  }
}
