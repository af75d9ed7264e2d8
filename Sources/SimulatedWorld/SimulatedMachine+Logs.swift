// The output of simulated dynos, put together from their behaviour: nothing of it is stored.

package import Effects
package import FormationModel

extension SimulatedMachine {
  /// Lines written up to `now`, oldest first: the newest `query.count` of those asked for.
  package func logs(_ query: LogQuery, at now: LoopTime) -> [LogLine] {
    let asked = (departed + instances.values).filter { query.covers($0.id.slot) }
    var newest: [SlotID: Int] = [:]
    for id in asked.map(\.id) { newest[id.slot] = max(newest[id.slot] ?? id.attempt, id.attempt) }
    let lines =
      asked
      .filter { (newest[$0.id.slot] == $0.id.attempt) != query.previous }
      .sorted { $0.id < $1.id }
      .flatMap { $0.lines(to: now) }
      .filter { line in query.since.map { line.at >= $0 } ?? true }
    let inOrder = lines.enumerated().sorted {
      ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
    }
    return inOrder.suffix(max(0, query.count)).map(\.element)
  }
}

extension SimulatedInstance {
  fileprivate func lines(to now: LoopTime) -> [LogLine] {
    guard let startedAt else { return [] }
    let end: LoopTime? = if case .exited(let exit) = phase { exit.at } else { nil }
    var lines = behaviour.output.map { line in
      LogLine(
        at: startedAt + .milliseconds(line.after), instance: id, isError: line.isError,
        text: line.text)
    }
    lines.removeAll { $0.at > min(now, end ?? now) }
    if let termAt, termAt <= min(now, end ?? now) {
      lines += behaviour.farewell.map { text in
        LogLine(at: termAt, instance: id, isError: false, text: text)
      }
    }
    return lines
  }
}
