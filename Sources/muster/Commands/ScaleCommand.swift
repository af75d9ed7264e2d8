// muster scale: other quantities or sizes than git says, for a while; without any it shows them.

import ArgumentParser
import FormationModel
import Review

struct ScaleCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Run other quantities or sizes than git says, until a commit changes them.",
    discussion: """
      Without changes it prints what is in force, as a line that can be given again. A change ends \
      when its time is over, by `muster resume`, or when a commit changes that field. \
      Then passes run as `muster reconcile` runs them, with its exit codes.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions

  @Argument(help: .init("May be left out on a platform of one app.", valueName: "app"))
  var name: String?

  @Argument(
    help: .init(
      "TYPE=N, TYPE=N:SIZE, TYPE=SIZE, TYPE+N or TYPE-N; several at once.", valueName: "type=n"))
  var changes: [String] = []

  @Option(name: [.customShort("a"), .customLong("app")], help: "The app.")
  var namedApp: String?

  @Option(name: .customLong("for"), help: "How long it is to last: 90s, 10m, 2h.")
  var span: String?

  func run() async throws {
    let lasts = try span.map(TimeSpan.read)
    let (app, changes) = words()
    guard !changes.isEmpty else { return try await show(app) }
    let session = try await OrderSession.open(options, order, command: "scale")
    let found = try session.app(app)
    let effective = try session.effective(found)
    let wishes = try changes.map { try ScaleWord.read($0, of: effective) }
    let until = lasts.map { WallClock.now() + $0 }
    try await session.give(
      [.scale(found, wishes, until: until)], reason: order.reason, only: [found])
  }

  /// The app's name and the changes: with `-a`, or on a platform of one app, the first word is a
  /// change already.
  private func words() -> (app: String?, changes: [String]) {
    guard let name else { return (namedApp, changes) }
    let isChange = namedApp != nil || name.contains { "=+".contains($0) }
    return isChange ? (namedApp, [name] + changes) : (name, changes)
  }

  private func show(_ name: String?) async throws {
    let session = try await OrderSession.look(options)
    let processes = try session.effective(try session.app(name)).processes
    if session.session.settings.format == .json {
      let entries = processes.map { process -> JSONValue in
        [
          "type": .string(process.type.rawValue), "quantity": .integer(process.quantity),
          "size": .string(process.size.rawValue),
        ]
      }
      return Terminal.say(
        (["format": .integer(1), "processes": .array(entries)] as JSONValue).document)
    }
    Terminal.say(
      processes.map { "\($0.type)=\($0.quantity):\($0.size)" }.joined(separator: " "))
  }
}

/// One change on the command line.
enum ScaleWord {
  /// Reads `worker=4`, `worker=4:standard-2x`, `worker=standard-2x`, `worker+1`, `worker-2`; the
  /// last two count from what is in force.
  static func read(_ text: String, of app: DesiredApp) throws -> ScaleWish {
    guard let sign = text.lastIndex(where: { $0 == "=" }) ?? deltaSign(text),
      let type = ProcessType(rawValue: String(text[..<sign]))
    else { throw refusal(text) }
    let value = String(text[text.index(after: sign)...])
    if text[sign] == "=" { return try absolute(type, value, text) }
    guard let step = Int(value), step <= 1_000, let process = app.process(type) else {
      throw refusal(text)
    }
    let quantity = process.quantity + (text[sign] == "+" ? step : -step)
    return ScaleWish(type, quantity: max(0, quantity))
  }

  /// The `+` or `-` before the digits at the end.
  private static func deltaSign(_ text: String) -> String.Index? {
    guard let sign = text.lastIndex(where: { "+-".contains($0) }) else { return nil }
    let digits = text[text.index(after: sign)...]
    return !digits.isEmpty && digits.allSatisfy(\.isNumber) ? sign : nil
  }

  private static func absolute(
    _ type: ProcessType, _ value: String, _ text: String
  ) throws -> ScaleWish {
    let parts = value.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1, let size = CatalogName(rawValue: value.lowercased()), Int(value) == nil {
      return ScaleWish(type, size: size)
    }
    guard parts.count <= 2, let quantity = Int(parts[0]) else { throw refusal(text) }
    guard parts.count == 2 else { return ScaleWish(type, quantity: quantity) }
    guard let size = CatalogName(rawValue: parts[1].lowercased()) else { throw refusal(text) }
    return ScaleWish(type, quantity: quantity, size: size)
  }

  private static func refusal(_ text: String) -> CommandFailure {
    CommandFailure(
      .usage, "\(text.escapingControls) is not understood",
      fix: "write TYPE=N, TYPE=N:SIZE, TYPE=SIZE, TYPE+N or TYPE-N, with a process type of the app")
  }
}
