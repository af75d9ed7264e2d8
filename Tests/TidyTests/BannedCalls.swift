// Words that code may not have, each with the reason that whoever wrote it will read.

/// A word that some code may not have.
struct Ban {
  /// The words, each found as a whole.
  let words: [String]
  /// Which files it holds for.
  let applies: @Sendable (SwiftFile) -> Bool
  /// Why, and what to do instead.
  let reason: String
  /// Files that may, each with its reason.
  var exceptions: [String: String] = [:]

  /// The places in a file where it has one of the words.
  func findings(in file: SwiftFile) -> [Finding] {
    guard applies(file), exceptions[file.path] == nil, !file.isGenerated else { return [] }
    return file.lines.flatMap { line in
      words.filter(line.has).map { Finding(file.path, line: line.number, "`\($0)`: \(reason)") }
    }
  }
}

/// The bans.
enum BannedCalls {
  /// Targets whose code only computes.
  static let pure: Set<String> = [
    "FormationModel", "ManifestParsing", "Planning", "Looping", "SimulationRun", "YAMLReading",
  ]

  private static func inPure(_ file: SwiftFile) -> Bool { pure.contains(file.target) }
  private static func inSources(_ file: SwiftFile) -> Bool { file.path.hasPrefix("Sources/") }

  static let all: [Ban] = [
    Ban(
      words: ["Date(", "ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday"],
      applies: inPure,
      reason: "the pure layers know no clock: take the time as a value"),
    Ban(
      words: [
        "UUID(", ".random(in:", "Bool.random()", ".randomElement()", ".shuffled()",
        "SystemRandomNumberGenerator", ".hashValue",
      ],
      applies: inPure,
      reason: "the pure layers know no chance: derive it from a seed that comes in as a value"),
    Ban(
      words: ["async", "await", "Task", "actor", "withCheckedContinuation"],
      applies: inPure,
      reason: "the pure layers have no tasks: return what is wanted, the driver performs it"),
    Ban(
      words: ["fatalError(", "preconditionFailure("],
      applies: inSources,
      reason: "Muster does not end because something is odd: say it as a value"),
    Ban(
      words: ["try!", "as!"],
      applies: inSources,
      reason: "bad input must never crash: handle the other case"),
    Ban(
      words: ["@unchecked", "nonisolated(unsafe)"],
      applies: inSources,
      reason: "the compiler proves what is shared, or a handle gets an actor of its own"),
    Ban(
      words: ["Glibc.system(", "popen("],
      applies: inSources,
      reason: "no shell is ever given data: start the program with its arguments as a list"),
    Ban(
      words: ["print("],
      applies: { inSources($0) && $0.target != "muster" },
      reason: "only the shell writes to the terminal: return the text"),
  ]

  /// Sleeps in tests that no deadline bounds.
  static func sleeps(in file: SwiftFile) -> [Finding] {
    let words = ["Task.sleep", "usleep(", "nanosleep(", "sleep(", "Thread.sleep"]
    return file.lines.flatMap { line -> [Finding] in
      guard let word = words.first(where: line.has) else { return [] }
      let around = file.lines[max(0, line.number - 20)..<line.number]
      if around.contains(where: { $0.code.lowercased().contains("deadline") }) { return [] }
      return [
        Finding(
          file.path, line: line.number,
          "`\(word)`: time never decides a test. Poll a condition until a deadline")
      ]
    }
  }

  /// Files that may loop over a dictionary, each with its reason.
  static let unorderedLoopExceptions = [
    "Sources/SimulationRun/Simulation+Checks.swift": "it fills another dictionary"
  ]

  /// Loops over a dictionary in an order that differs from run to run.
  static func unorderedLoops(in file: SwiftFile) -> [Finding] {
    guard inPure(file), unorderedLoopExceptions[file.path] == nil else { return [] }
    return file.lines.compactMap { line in
      guard line.has("for"), let sequence = line.code.rest(after: " in ") else { return nil }
      let what = sequence.prefix { $0 != " " && $0 != "{" }
      guard what.hasSuffix(".keys") || what.hasSuffix(".values") else { return nil }
      return Finding(
        file.path, line: line.number,
        "a dictionary has no order: loop over `.sorted()`, or the same inputs give two plans")
    }
  }
}

extension String {
  /// What follows the first occurrence of a text; nil when there is none.
  func rest(after text: String) -> Substring? {
    firstRange(of: text).map { self[$0.upperBound...] }
  }
}
