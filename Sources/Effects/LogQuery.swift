// Questions about output, and its lines.

package import FormationModel

/// Which log lines.
package struct LogQuery: Hashable, Sendable {
  /// The app; nil: all.
  package var app: AppName?
  /// Only this process type; nil: all.
  package var process: ProcessType?
  /// Only this number of it; nil: all.
  package var ordinal: Int?
  /// At most this many lines, the newest.
  package var count: Int
  /// Only lines from then on; nil: all that are kept.
  package var since: LoopTime?
  /// Lines of the instances before the present ones, instead of the present ones'.
  package var previous = false

  /// Makes a query.
  package init(
    app: AppName?, process: ProcessType? = nil, ordinal: Int? = nil, count: Int,
    since: LoopTime? = nil
  ) {
    self.app = app
    self.process = process
    self.ordinal = ordinal
    self.count = count
    self.since = since
  }

  /// Whether it asks for a slot's lines.
  package func covers(_ slot: SlotID) -> Bool {
    (app == nil || slot.app == app) && (process == nil || slot.process == process)
      && (ordinal == nil || slot.ordinal == ordinal)
  }
}

/// One line of a dyno's output.
package struct LogLine: Hashable, Sendable {
  /// When it was written.
  package let at: LoopTime
  /// Whose it is.
  package let instance: InstanceID
  /// Whether it was written to standard error.
  package let isError: Bool
  /// The line, without its end.
  package let text: String
  /// Whether the runtime says it about the output (lines were dropped) and not the dyno.
  package let isNotice: Bool

  /// Makes a line.
  package init(
    at: LoopTime, instance: InstanceID, isError: Bool, text: String, isNotice: Bool = false
  ) {
    self.at = at
    self.instance = instance
    self.isError = isError
    self.text = text
    self.isNotice = isNotice
  }
}
