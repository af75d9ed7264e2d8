// How work that does not depend on one another is done. This layer knows neither tasks nor threads:
// whoever calls it may bring more than one core.

/// Does pieces of work.
package protocol WorkSpreading: Sendable {
  /// The result of each piece, in the order of the pieces.
  func map<Piece: Sendable, Result: Sendable>(
    _ pieces: [Piece], _ work: @Sendable (Piece) -> Result
  ) -> [Result]
}

/// Does one piece after the other.
package struct OneByOne: WorkSpreading {
  /// Makes it.
  package init() {}

  /// The result of each piece, in the order of the pieces.
  package func map<Piece: Sendable, Result: Sendable>(
    _ pieces: [Piece], _ work: @Sendable (Piece) -> Result
  ) -> [Result] {
    pieces.map(work)
  }
}
