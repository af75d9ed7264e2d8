// Digests and revisions as values: the pure layers compare them and never compute one.

/// The SHA-256 of some content, in lower-case hexadecimal.
package struct ContentDigest: TextValue {
  /// The hexadecimal text.
  package let rawValue: String

  /// Wraps hexadecimal text; who makes a digest vouches for it.
  package init(rawValue: String) { self.rawValue = rawValue }

  /// The first twelve characters, for people.
  package var short: String { String(rawValue.prefix(12)) }
}

/// A commit of the repository: its full object id.
package struct RevisionID: TextValue {
  /// The full hexadecimal object id.
  package let rawValue: String

  /// Wraps a commit id as git printed it.
  package init(rawValue: String) { self.rawValue = rawValue }

  /// The first seven characters, as git shows them.
  package var short: String { String(rawValue.prefix(7)) }
}

/// A commit with what people want to know about it.
package struct Revision: Hashable, Codable, Sendable {
  /// The commit.
  package let id: RevisionID
  /// The author's name, as written in the commit.
  package let author: String
  /// The first line of the commit message.
  package let subject: String
  /// When it was committed.
  package let committedAt: LoopTime

  /// Makes a revision from what git said.
  package init(id: RevisionID, author: String, subject: String, committedAt: LoopTime) {
    self.id = id
    self.author = author
    self.subject = subject
    self.committedAt = committedAt
  }
}
