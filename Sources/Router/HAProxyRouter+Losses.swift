// What HAProxy could not tell of: nobody took it fast enough, or two of its threads met at the pipe
// while the machine was busy. It counts both, so it is asked; one that is replaced until it has
// nothing left.

extension HAProxyRouter {
  private static let lossInterval = Duration.seconds(5)
  /// Whoever hangs must not keep the router from what is more important.
  private static let lossPatience = Duration.seconds(1)

  /// Asks again and again, as long as lines are taken.
  func watchLosses() {
    guard lossWatch == nil else { return }
    lossWatch = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: Self.lossInterval)
        await self?.lookAtLosses()
      }
    }
  }

  /// Asks nobody any more.
  func forgetLosses() {
    lossWatch?.cancel()
    lossWatch = nil
    farewells = []
  }

  private func lookAtLosses() async {
    await takeTurn()
    defer { endTurn() }
    accountForLosses()
  }

  /// Asks each process what it has lost. One that was replaced and is silent is asked no more.
  func accountForLosses() {
    if let socket = lossConnection() { _ = try? account(socket) }
    hearPredecessors()
  }

  /// A connection to the process that listens, over which it also answers once it was told to end;
  /// nil where nobody wants to know, or it does not answer.
  func lossConnection() -> AdminSocket? {
    guard collector != nil, let proxy else { return nil }
    return try? AdminSocket.open(proxy.generation.admin, patience: Self.lossPatience)
  }

  /// Asks those that were replaced. One that has nothing left but the connection ends with it.
  func hearPredecessors() {
    farewells.removeAll { socket in
      socket.renew()
      guard let jobs = try? account(socket) else { return true }
      return jobs <= 1
    }
  }

  /// Notes what a process says to have lost; returns how many connections it still has to serve,
  /// the one over which it is asked among them.
  private func account(_ socket: AdminSocket) throws(AdminSocket.Broken) -> Int {
    let info = try socket.ask("show info")
    guard let pid = AdminAnswer.number("Pid", in: info),
      let dropped = AdminAnswer.number("DroppedLogs", in: info),
      let jobs = AdminAnswer.number("Jobs", in: info)
    else { throw AdminSocket.Broken(reason: "HAProxy does not tell what it lost") }
    collector?.noteDropped(total: dropped, of: Int32(clamping: pid))
    return jobs
  }
}
