// Where a repository is, as a user or a manifest may say it: a local path, file://, https:// or
// ssh://, nothing else. What passes here is safe to hand to `git` and to print; reaching it is not
// decided here.

/// Where a repository is.
package enum RepositoryAddress: Hashable, Sendable {
  /// A repository on this machine, read in place. The path is absolute.
  case local(path: String)
  /// A repository that `git` fetches from, into a mirror. The URL holds no credentials.
  case remote(url: String)

  /// Checks what somebody gave. A relative path is relative to `folder`, which is absolute; nil
  /// refuses relative paths. What is wrong never shows credentials.
  package init(checking text: String, relativeTo folder: String?) throws(AddressFlaw) {
    try Self.checkText(text)
    if let mark = text.firstRange(of: "://") {
      self = .remote(url: try Self.url(text, scheme: text[..<mark.lowerBound]))
    } else {
      try Self.checkPath(text)
      guard text.hasPrefix("/") || folder != nil else {
        throw Self.refused(
          "\(Self.shown(text)) is a relative path, which means another place in each clone",
          "write an absolute path, file://, https:// or ssh://")
      }
      guard folder != nil || !text.split(separator: "/").contains("..") else {
        throw Self.refused("\(Self.shown(text)) holds “..”", "write the path without it")
      }
      self = .local(path: Self.absolute(text, in: folder ?? "/"))
    }
  }

  /// What to print: the path, or the URL.
  package var description: String {
    switch self {
    case .local(let path): path
    case .remote(let url): url
    }
  }

  /// The repository's own name: the last part of its path, without `.git`; nil when it has none.
  package var name: String? {
    guard let last = description.split(separator: "/").last else { return nil }
    return String(last.hasSuffix(".git") ? last.dropLast(4) : last)
  }

  private static func checkText(_ text: String) throws(AddressFlaw) {
    if text.isEmpty { throw refused("no repository was named", nil) }
    if text.utf8.count > 4_096 { throw refused("the repository's address is too long", nil) }
    if text.unicodeScalars.contains(where: \.isControl) {
      throw refused("the repository's address holds a control character", nil)
    }
    if text.hasPrefix("-") {
      throw refused(
        "the repository's address starts with “-”, which git would take for an option",
        "write ./\(redacted(text)) when it is a folder")
    }
  }

  /// Refuses what git would take for a helper (`ext::`) or for a host (`host:path`).
  private static func checkPath(_ text: String) throws(AddressFlaw) {
    let first = text.prefix { $0 != "/" }
    guard let colon = first.firstIndex(of: ":") else { return }
    let after = text[text.index(after: colon)...]
    if after.hasPrefix(":") {
      throw refused(
        "git's helper transports (“\(redacted(text))”) run programs and are not taken",
        "use a path, file://, https:// or ssh://")
    }
    let path = after.hasPrefix("/") ? after.dropFirst() : after
    throw refused(
      "“\(redacted(text))” looks like ssh's short form",
      "write ssh://\(text[..<colon])/\(path), or ./\(text) when it is a folder")
  }

  private static func absolute(_ path: String, in folder: String) -> String {
    let whole = path.hasPrefix("/") ? path : folder + "/" + path
    let parts = whole.split(separator: "/").filter { $0 != "." }
    return "/" + parts.joined(separator: "/")
  }

  /// Whether it is a place on this machine, read in place or by file://.
  package var isOnThisMachine: Bool {
    switch self {
    case .local: true
    case .remote(let url): url.hasPrefix("file://")
    }
  }

  static func refused(_ message: String, _ fix: String?) -> AddressFlaw {
    AddressFlaw(message: message, fix: fix)
  }

  private static func shown(_ text: String) -> String { "“\(text.prefix(200))”" }

  /// The text with what stands before the host hidden: what was refused may hold a password.
  static func redacted(_ text: String) -> String {
    guard let mark = text.firstRange(of: "://") else { return text }
    let authority = text[mark.upperBound...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return text }
    return text[..<mark.upperBound] + "***" + text[at...]
  }
}

/// What is wrong with an address.
package struct AddressFlaw: Hashable, Sendable, Error {
  /// What is wrong, for people.
  package let message: String
  /// What to do; nil when the message says it.
  package let fix: String?
}

extension Unicode.Scalar {
  /// Whether a terminal or a protocol would act on it instead of showing it.
  package var isControl: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
