// TARGET on the command line: APP, APP/TYPE or APP/TYPE.N; `-a APP` works everywhere.

import ArgumentParser
import FormationModel
import Review

/// What a command is about.
struct DynoTarget: ExpressibleByArgument, Hashable {
  /// The app; nil when only a type was named (`web.1` with `-a`, or on a platform of one app).
  var app: AppName?
  /// The process type; nil: all.
  var process: ProcessType?
  /// The number; nil: all of the type.
  var ordinal: Int?

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts[0].isEmpty else { return nil }
    if parts.count == 1, let app = AppName(rawValue: argument) {
      self.app = app
      return
    }
    if parts.count == 2 {
      guard let app = AppName(rawValue: parts[0]) else { return nil }
      self.app = app
    }
    guard let dyno = parts.last, readDyno(dyno) else { return nil }
  }

  private mutating func readDyno(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let type = ProcessType(rawValue: parts[0]) else { return false }
    process = type
    if parts.count == 2 {
      guard let number = Int(parts[1]), number > 0 else { return false }
      ordinal = number
    }
    return true
  }
}

/// TARGET, and Heroku's `-a`.
struct TargetOptions: ParsableArguments {
  @Argument(help: "APP, APP/TYPE or APP/TYPE.N. May be left out on a platform of one app.")
  var target: DynoTarget?

  @Option(name: [.customShort("a"), .long], help: "The app, as Heroku's command line takes it.")
  var app: String?

  /// The target with its app, among the apps there are.
  func resolved(among apps: [AppName]) throws -> (DynoTarget, AppName) {
    var target = self.target ?? DynoTarget()
    if let app {
      guard let name = AppName(rawValue: app) else {
        throw CommandFailure(.usage, "\(app) is not an app's name")
      }
      if let named = target.app, named != name, target.process == nil {
        target.process = ProcessType(rawValue: named.rawValue)
      }
      target.app = name
    }
    if target.app.map({ !apps.contains($0) }) ?? false, apps.count == 1, target.process == nil,
      let type = target.app.flatMap({ ProcessType(rawValue: $0.rawValue) })
    {
      target = DynoTarget(app: apps[0], process: type)
    }
    guard let app = target.app ?? (apps.count == 1 ? apps[0] : nil) else {
      let known = apps.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure(
        .usage, "which app?", fix: known.isEmpty ? "there is none yet" : "one of: \(known)")
    }
    guard apps.contains(app) else {
      let known = apps.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure(
        .unknown, "there is no app \(app)", fix: known.isEmpty ? nil : "there are: \(known)")
    }
    return (target, app)
  }
}

/// What an app has: process types and dynos that git asks for, that run, or that ever ran.
struct KnownDynos {
  private var types: Set<ProcessType> = []
  private var slots: Set<SlotID> = []

  /// `asked` is the app as git has it, where that is known; `seen` are dynos that are there.
  init(of app: AppName, asked: DesiredApp?, seen: [SlotID] = [], _ memory: Memory) {
    slots = Set(seen)
    if let known = memory.apps[app] { slots.formUnion(known.attempts.keys) }
    for process in asked?.processes ?? [] {
      types.insert(process.type)
      for index in 0..<max(0, process.quantity) {
        slots.insert(SlotID(app, process.type, index + 1))
      }
    }
    types.formUnion(slots.map(\.process))
    let oneOffs = memory.apps[app]?.oneOffs.last ?? 0
    guard oneOffs > 0 else { return }
    types.insert(.run)
    // Their output is kept for a while.
    slots.formUnion(
      (max(1, oneOffs - OneOffs.endedKept + 1)...oneOffs).map { SlotID.oneOff($0, of: app) })
  }

  /// Throws when the target names a process type or a dyno that nobody knows.
  func check(_ target: DynoTarget, of app: AppName) throws {
    if let refusal = refusal(of: target, of: app) { throw refusal }
  }

  /// Why the target is refused; nil when it may be meant. Of an app of which nothing is known any
  /// more, anything may be.
  func refusal(of target: DynoTarget, of app: AppName) -> CommandFailure? {
    guard let type = target.process, !types.isEmpty else { return nil }
    guard types.contains(type) else {
      let known = types.sorted().map(\.rawValue).joined(separator: ", ")
      return CommandFailure(
        .unknown, "\(app) has no process type \(type)", fix: "it has: \(known)")
    }
    guard let ordinal = target.ordinal, !slots.contains(SlotID(app, type, ordinal)) else {
      return nil
    }
    let known = slots.filter { $0.process == type }.sorted().map(\.dynoName)
    return CommandFailure(
      .unknown, "\(app) has no dyno \(type).\(ordinal)",
      fix: known.isEmpty ? nil : "it has: \(known.joined(separator: ", "))")
  }
}

extension DynoTarget {
  init(app: AppName? = nil, process: ProcessType? = nil) {
    self.app = app
    self.process = process
  }
}
