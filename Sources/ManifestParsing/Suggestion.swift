// "Did you mean": the known word nearest to a mistyped one. Pure; knows nothing of manifests.

/// Finds what somebody probably meant.
enum Suggestion {
  /// The candidate nearest to the word, when it is near enough to be a slip; nil otherwise. Case,
  /// `-` and `_` count for nothing. Among equals the first by name wins.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let plainWord = plain(word)
    let allowed = max(1, min(2, plainWord.count / 3))
    return candidates.filter { $0.utf8.count <= 64 }
      .map { (candidate: $0, distance: distance(plainWord, plain($0))) }
      .filter { $0.distance <= allowed }
      .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?.candidate
  }

  private static func plain(_ word: String) -> [UInt8] {
    word.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (row, leftByte) in left.enumerated() {
      var current = [row + 1]
      for (column, rightByte) in right.enumerated() {
        let replaced = previous[column] + (leftByte == rightByte ? 0 : 1)
        var best = min(replaced, previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
          best = min(best, beforePrevious[column - 1] + 1)
        }
        current.append(best)
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[right.count]
  }
}
