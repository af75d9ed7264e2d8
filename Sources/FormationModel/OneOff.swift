// One-off dynos: what somebody runs once beside the formation, by command.

/// What is asked for.
package struct OneOffRequest: Hashable, Codable, Sendable {
  /// Tells this request from every other, so that who asked finds what became of it.
  package let token: String
  /// The command; the stack's shell runs it.
  package var command: String
  /// The dyno type; nil: that of the process type whose command it is, else of web.
  package var size: CatalogName?
  /// Variables beside those of the release, which they hide.
  package var environment: [ConfigKey: ConfigValue]
  /// How it is connected to whoever asked; nil: it is not, and what it writes is logged.
  package var session: SessionForm?
  /// How long it may run.
  package var timeToLive: Duration
  /// The release to run; nil: the current one.
  package var release: Int?

  /// How long a one-off dyno may run at most, and does where nothing is said. Heroku: 24 h.
  package static let longestLife = Duration.seconds(86_400)
  /// Bytes that a command may have.
  package static let commandBytes = 64 << 10

  /// Makes a request.
  package init(
    token: String, command: String, size: CatalogName? = nil,
    environment: [ConfigKey: ConfigValue] = [:], session: SessionForm? = nil,
    timeToLive: Duration = OneOffRequest.longestLife, release: Int? = nil
  ) {
    self.token = token
    self.command = command
    self.size = size
    self.environment = environment
    self.session = session
    self.timeToLive = timeToLive
    self.release = release
  }
}

/// How a dyno is connected to a person or a program.
package enum SessionForm: String, Codable, Sendable, CaseIterable {
  /// By a terminal of its own.
  case terminal
  /// By three streams: input, output, errors.
  case streams
}

/// A one-off dyno, from its request to its end.
package struct OneOff: Hashable, Codable, Sendable {
  /// The dyno is `run.N`. Numbers of an app only grow.
  package let number: Int
  /// What was asked for; size and release are settled.
  package var request: OneOffRequest
  /// Who asked.
  package let origin: OrderOrigin
  /// How far it is. It is written down before it begins and after it has ended, so that no crash
  /// makes it run twice.
  package var phase: ReleasePhase
  /// Who asked for its end before its time; nil: nobody did.
  package var stopped: OrderOrigin?

  /// Makes one that has not begun.
  package init(number: Int, _ request: OneOffRequest, origin: OrderOrigin) {
    self.number = number
    self.request = request
    self.origin = origin
    phase = .pending
  }

  /// Whether it is over, however it went.
  package var hasEnded: Bool {
    switch phase {
    case .pending, .begun: false
    case .succeeded, .live, .failed: true
    }
  }
}

/// The one-off dynos of an app: those that are not over, and the last that are.
package struct OneOffs: Hashable, Codable, Sendable {
  /// How many of those that are over stay known.
  package static let endedKept = 64

  /// The highest number that was ever given.
  package private(set) var last = 0
  /// Those that are not over by number, those that are in the order of their ends.
  package private(set) var all: [OneOff] = []

  /// Makes a list of none.
  package init() {}

  /// Those that are not over.
  package var open: [OneOff] { all.filter { !$0.hasEnded } }

  /// The one that came of a request; nil: none, or it ended long ago.
  package func requested(as token: String) -> OneOff? { all.first { $0.request.token == token } }

  mutating func add(_ request: OneOffRequest, origin: OrderOrigin, above seen: Int) {
    // A write whose answer got lost is written again.
    guard requested(as: request.token) == nil else { return }
    last = max(last, seen) + 1
    all.append(OneOff(number: last, request, origin: origin))
  }

  mutating func note(_ phase: ReleasePhase, of number: Int) {
    guard let index = all.firstIndex(where: { $0.number == number }) else { return }
    all[index].phase = phase
    guard all[index].hasEnded else { return }
    // Who asked may still want to know how it ended; nobody needs its variables any more.
    all[index].request.environment = [:]
    all.append(all.remove(at: index))
    let ended = all.filter(\.hasEnded).map(\.number)
    let old = Set(ended.dropLast(Self.endedKept))
    all.removeAll { old.contains($0.number) }
  }

  mutating func stop(_ number: Int?, origin: OrderOrigin) {
    for index in all.indices
    where !all[index].hasEnded && number ?? all[index].number == all[index].number {
      all[index].stopped = all[index].stopped ?? origin
    }
  }

  /// Lets go of all; numbers stay given.
  mutating func forget() { all = [] }
}

extension SlotID {
  /// Where a one-off dyno of an app runs.
  package static func oneOff(_ number: Int, of app: AppName) -> SlotID {
    SlotID(app, .run, number)
  }
}

extension InstanceID {
  /// The one-off dyno of an app with that number. It is started once: there is no second attempt.
  package static func oneOff(_ number: Int, of app: AppName, release: Int) -> InstanceID {
    InstanceID(slot: .oneOff(number, of: app), kind: .oneOff, release: release, attempt: 1)
  }
}

extension DynoType {
  /// One-off dynos that an app may have at the same time, by tier, as on Heroku.
  package var oneOffLimit: Int {
    switch tier {
    case .eco: 1
    case .basic, .standard: 50
    case .performance, .private: 5
    }
  }
}

extension ReleaseContent {
  /// The same with other variables beside its own, which they hide.
  package func with(_ environment: [ConfigKey: ConfigValue]) -> ReleaseContent {
    guard !environment.isEmpty else { return self }
    let kept = config.filter { environment[$0.key] == nil }
    let added = environment.map { key, value in
      ReleaseConfigEntry(key: key, source: .literal(value), fingerprint: "by command")
    }
    return ReleaseContent(
      digest: digest, slug: slug, stack: stack, commands: commands,
      config: (kept + added).sorted { $0.key < $1.key })
  }
}

extension OneOffRequest {
  /// The request with what it leaves open settled by the app as it is asked for: a command that
  /// begins with a process type is that type's, with the words behind it.
  func settled(_ app: DesiredApp?, _ memory: AppMemory?) -> OneOffRequest {
    var request = self
    request.release = release ?? memory?.currentRelease?.number
    let word = String(command.prefix { !$0.isWhitespace })
    let type = ProcessType(rawValue: word)
    let commands = memory?.releases.first { $0.number == request.release }?.content.commands ?? []
    let known = type.flatMap { type in commands.first { $0.type == type } }
    if let known { request.command = known.command + command.dropFirst(word.count) }
    let sized = [known?.type, .web].compactMap { $0 }.lazy.compactMap { app?.process($0) }.first
    request.size = size ?? (sized ?? app?.processes.first)?.size ?? .standardSize
    return request
  }
}
