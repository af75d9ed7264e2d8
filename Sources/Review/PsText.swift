// Dynos as `heroku ps` shows them, then what Muster knows beyond that.

package import FormationModel
package import Planning

/// Renders dynos as text.
package struct PsText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Now, and the zone to print times in.
  package var clock: LocalClock
  /// Since when dynos die early again and again, where that is known.
  package var crashing: [SlotID: LoopTime] = [:]

  /// Makes a renderer.
  package init(style: TextStyle = .plain, clock: LocalClock) {
    self.style = style
    self.clock = clock
  }

  /// One block per distinct command, as Heroku groups them. `No dynos on ⬢ shop` when there are
  /// none, `No worker dynos on ⬢ shop` when only that type was
  /// asked for, `No worker.7 on ⬢ shop` when only that dyno was. What somebody stopped by hand
  /// comes last.
  package func render(
    app: AppName, _ dynos: [DynoStanding], stopped: [StoppedDyno] = [],
    process: ProcessType? = nil, ordinal: Int? = nil
  ) -> String {
    let shown = dynos.filter { process == nil || $0.slot.process == process }
    let empty = stopped.filter { process == nil || $0.slot.process == process }
    guard !shown.isEmpty || !empty.isEmpty else {
      if let process, let ordinal { return "No \(process).\(ordinal) on ⬢ \(app)\n" }
      return "No \(process.map { "\($0) " } ?? "")dynos on ⬢ \(app)\n"
    }
    var blocks = groups(shown).map { group in [heading(group)] + group.map(line) }
    if !empty.isEmpty { blocks.append(empty.map(line)) }
    return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  /// Dynos of one process type, size and command together; in the order given.
  private func groups(_ dynos: [DynoStanding]) -> [[DynoStanding]] {
    var groups: [[DynoStanding]] = []
    for dyno in dynos {
      let index = groups.firstIndex { group in
        if dyno.slot.process == .run { return group[0].slot.process == .run }
        return group[0].slot.process == dyno.slot.process && group[0].command == dyno.command
          && group[0].size == dyno.size
      }
      if let index { groups[index].append(dyno) } else { groups.append([dyno]) }
    }
    return groups
  }

  private func heading(_ group: [DynoStanding]) -> String {
    let first = group[0]
    if first.slot.process == .run {
      return "=== \(style("run", .strong)): one-off processes (\(group.count))"
    }
    let size = DynoTypeText.title(first.size)
    let name = style("\(first.slot.process)", .strong)
    return "=== \(name) (\(size)): \(first.command.escapingControls) (\(group.count))"
  }

  /// `worker.1: crashed 2026/11/22 03:04:11 +0100 (~ 2m ago): exit 1, 7th time since
  /// 2026/11/22 02:40:02 +0100 (~ 26m ago), next start in 40s`.
  func line(_ dyno: DynoStanding) -> String {
    let state = style(dyno.state.rawValue, Self.role(dyno.state))
    let since = dyno.since.map { " \(clock.stampWithAge($0))" } ?? ""
    if dyno.slot.process == .run {
      return "\(dyno.slot.dynoName) (\(DynoTypeText.title(dyno.size))): \(state)\(since): "
        + dyno.command.escapingControls
    }
    let ours = details(dyno)
    return "\(dyno.slot.dynoName): \(state)\(since)"
      + (ours.isEmpty ? "" : ": \(ours.joined(separator: ", "))")
  }

  /// `web.1: stopped by ada: poison job; `muster start shop/web.1` starts it again`.
  func line(_ stopped: StoppedDyno) -> String {
    let slot = stopped.slot
    let target = slot.app.map { "\(DynoSelector($0, slot.process, slot.ordinal))" } ?? ""
    return "\(slot.dynoName): \(style("stopped", .quiet)) "
      + "\(OverrideText.words(stopped.origin)); `muster start \(target)` starts it again"
  }

  private func details(_ dyno: DynoStanding) -> [String] {
    var details: [String] = []
    if dyno.state == .crashed || dyno.crashes > 0, let exit = dyno.exit {
      let since = crashing[dyno.slot].flatMap { dyno.crashes > 1 ? $0 : nil }
      details.append(
        EndText.words(exit, count: dyno.crashes)
          + (since.map { " since \(clock.stampWithAge($0))" } ?? ""))
    }
    if let next = dyno.nextStart {
      let span = next - clock.now
      details.append(span > .zero ? "next start in \(DurationText.span(span))" : "starts next")
    }
    return details
  }

  private static func role(_ state: DynoStanding.State) -> TextStyle.Role {
    switch state {
    case .up: .good
    case .starting: .changing
    case .crashed: .bad
    case .down: .quiet
    }
  }
}

/// Renders dynos as JSON.
package enum PsJSON {
  /// `{"format":1,"dynos":[…],"stopped":[…]}`, the dynos of every app given, in order, and
  /// those that somebody stopped by hand.
  /// `crashing` says since when dynos die early again and again, where that is known.
  package static func document(
    _ dynos: [DynoStanding], stopped: [StoppedDyno] = [], crashing: [SlotID: LoopTime] = [:]
  ) -> JSONValue {
    [
      "format": .number(1),
      "dynos": .array(dynos.map { dyno($0, crashing: crashing[$0.slot]) }),
      "stopped": .array(stopped.map(dyno)),
    ]
  }

  private static func dyno(_ stopped: StoppedDyno) -> JSONValue {
    [
      "app": .optional(stopped.slot.app?.rawValue),
      "name": .string(stopped.slot.dynoName),
      "type": .string(stopped.slot.process.rawValue),
      "by": .string(stopped.origin.by),
      "at": .string(TimeText.json(stopped.origin.at)),
      "reason": .optional(stopped.origin.reason),
    ]
  }

  private static func dyno(_ dyno: DynoStanding, crashing: LoopTime?) -> JSONValue {
    [
      "app": .optional(dyno.slot.app?.rawValue),
      "name": .string(dyno.slot.dynoName),
      "type": .string(dyno.slot.process.rawValue),
      "state": .string(dyno.state.rawValue),
      "since": .optional(dyno.since.map(TimeText.json)),
      "size": .string(dyno.size.rawValue),
      "command": .string(dyno.command),
      "release": .optional(dyno.instance?.id.release),
      "attempt": .optional(dyno.instance?.id.attempt),
      "address": .optional(dyno.instance?.endpoint?.address),
      "port": .optional(dyno.instance?.endpoint?.port),
      "exit": dyno.exit.map(exit) ?? .null,
      "crashes": .number(dyno.crashes),
      "crashing_since": .optional(crashing.map(TimeText.json)),
      "next_start": .optional(dyno.nextStart.map(TimeText.json)),
    ]
  }

  private static func exit(_ exit: InstanceExit) -> JSONValue {
    [
      "code": .optional(exit.code),
      "at": .string(TimeText.json(exit.at)),
      "requested": .boolean(exit.requested),
      "out_of_memory": .boolean(exit.outOfMemory),
    ]
  }
}
