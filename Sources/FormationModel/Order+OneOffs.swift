// Which one-off dynos cannot be had, said before anything is recorded.

extension OrderCheck {
  /// Why the request cannot be taken; nil when it can.
  func run(_ name: AppName, _ request: OneOffRequest) -> OrderRefusal? {
    if let refusal = unknown(name) { return refusal }
    guard let app = memory.apps[name], let current = app.currentRelease else {
      return OrderRefusal(
        message: "\(name) has no release yet", fix: "`muster reconcile` makes the first one")
    }
    if let byHand = memory.suspension(of: name), byHand.suspension == .everything {
      return OrderRefusal(
        message: "everything of \(name) is suspended, by \(byHand.origin.by)",
        fix: "`muster resume \(name)` resumes it")
    }
    if formation.app(name, memory)?.suspension == .everything {
      return OrderRefusal(
        message: "everything of \(name) is suspended by its manifest",
        fix: "take `suspend` out of its app.yaml")
    }
    if let number = request.release, number != current.number {
      let kept = app.releases.filter(\.isInForce)
      guard kept.contains(where: { $0.number == number }) else {
        return OrderRefusal(
          message: "\(name) has no release v\(number) that could run",
          fix: "there are: \(kept.map { "v\($0.number)" }.joined(separator: ", "))")
      }
    }
    return settled(name, request, app)
  }

  private func settled(
    _ name: AppName, _ request: OneOffRequest, _ app: AppMemory
  ) -> OrderRefusal? {
    let request = request.settled(formation.app(name, memory), app)
    if request.command.allSatisfy(\.isWhitespace) {
      return OrderRefusal(message: "no command is given", fix: nil)
    }
    if request.command.utf8.count > OneOffRequest.commandBytes
      || request.command.utf8.contains(0)
    {
      return OrderRefusal(
        message: "the command is longer than \(OneOffRequest.commandBytes) bytes, or holds a NUL",
        fix: "put it into a script of the app")
    }
    let variables = request.environment.map { "\($0.key)=\($0.value.unredacted)".utf8 }
    guard variables.reduce(0, { $0 + $1.count }) <= limits.configBytes,
      !variables.contains(where: { $0.contains(0) })
    else {
      return OrderRefusal(
        message: "the variables have more than \(limits.configBytes) bytes, or hold a NUL",
        fix: "keep what is large in a file of the app")
    }
    guard (.seconds(1)...OneOffRequest.longestLife).contains(request.timeToLive) else {
      return OrderRefusal(message: "a one-off dyno lives between 1s and 24h", fix: nil)
    }
    guard let name = request.size, let size = catalog.dynoTypes[name] else {
      return OrderRefusal(
        message: "there is no dyno type \(request.size.map { "\($0)" } ?? "")",
        fix: list("there are", catalog.dynoTypes.keys))
    }
    return tooMany(app, size)
  }

  private func tooMany(_ app: AppMemory, _ size: DynoType) -> OrderRefusal? {
    let sizes = app.oneOffs.open.compactMap { $0.request.size.flatMap { catalog.dynoTypes[$0] } }
    guard sizes.count(where: { $0.tier == size.tier }) >= size.oneOffLimit else { return nil }
    let dynos = size.oneOffLimit == 1 ? "dyno runs" : "dynos run"
    return OrderRefusal(
      message: "\(size.oneOffLimit) one-off \(size.tier.rawValue) \(dynos), which is the limit",
      fix: "wait for one to end, end one by `muster stop`, or run it with another `--size`")
  }

  /// Whether the one-off dynos that are to be stopped are there.
  func oneOff(_ target: DynoSelector) -> OrderRefusal? {
    if let refusal = unknown(target.app) { return refusal }
    let open = memory.apps[target.app]?.oneOffs.open ?? []
    guard !open.contains(where: { target.ordinal ?? $0.number == $0.number }) else { return nil }
    let known = open.map { "run.\($0.number)" }.joined(separator: ", ")
    return OrderRefusal(
      message: "\(target.app) has no one-off dyno \(target.dynoWords)",
      fix: known.isEmpty ? nil : "it has: \(known)")
  }
}
