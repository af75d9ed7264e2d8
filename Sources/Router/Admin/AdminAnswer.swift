// What HAProxy's answers say. Every reader takes any text: what it cannot read is no row, and more
// rows than the limit are no answer.

import FormationModel

/// A server as the process has it: a row of `show servers state`.
struct LiveServer: Hashable, Sendable {
  let backend: String
  let name: String
  let address: String
  let port: Int
  /// Whether it gets no new request.
  let isOut: Bool
}

/// Reads answers.
enum AdminAnswer {
  /// More servers or hosts than one machine can have.
  static let rowLimit = 200_000

  /// Rows of `show servers state`; nil when the text is no such answer.
  static func servers(_ text: String) -> [LiveServer]? {
    guard let table = Table(text, separator: " ", header: "# be_id ") else { return nil }
    guard let backend = table.column("be_name"), let name = table.column("srv_name"),
      let address = table.column("srv_addr"), let port = table.column("srv_port"),
      let state = table.column("srv_admin_state"), let weight = table.column("srv_uweight")
    else { return nil }
    return table.rows.compactMap { row in
      guard let port = Int(row[port]), let state = Int(row[state]), let weight = Int(row[weight])
      else { return nil }
      return LiveServer(
        backend: String(row[backend]), name: String(row[name]), address: String(row[address]),
        port: port, isOut: state & outMask != 0 || weight == 0)
    }
  }

  /// Maintenance and drain, forced or inherited. Not 4: a server that was loaded as disabled keeps
  /// that bit when it is enabled.
  private static let outMask = 0x01 | 0x02 | 0x08 | 0x10 | 0x20

  /// Current sessions by server: rows of `show stat BACKEND 4 -1`; nil when it is no such answer.
  static func sessions(_ text: String) -> [String: Int]? {
    guard let table = Table(text, separator: ",", header: "# pxname,"),
      let name = table.column("svname"), let sessions = table.column("scur")
    else { return nil }
    var found: [String: Int] = [:]
    for row in table.rows { found[String(row[name])] = Int(row[sessions]) }
    return found
  }

  /// Current sessions by backend: rows of `show stat -1 2 -1`; nil when it is no such answer.
  static func backendSessions(_ text: String) -> [String: Int]? {
    guard let table = Table(text, separator: ",", header: "# pxname,"),
      let name = table.column("pxname"), let sessions = table.column("scur")
    else { return nil }
    var found: [String: Int] = [:]
    for row in table.rows { found[String(row[name])] = Int(row[sessions]) }
    return found
  }

  /// Entries of `show map FILE`: `0x55d0 key value`, in order; nil when it is no such answer.
  static func map(_ text: String) -> [(key: String, value: String)]? {
    var entries: [(key: String, value: String)] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, words[0].hasPrefix("0x"), entries.count < rowLimit else { return nil }
      entries.append((key: String(words[1]), value: String(words[2])))
    }
    return entries
  }

  /// The number after `New version created: `; nil when the answer is another.
  static func version(_ text: String) -> Int? {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    return Int(text[text.index(after: colon)...].filter { !$0.isWhitespace })
  }

  /// A field of `show info`; nil when it is not there, or no number.
  static func number(_ field: String, in text: String) -> Int? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("\(field): ") }
    return line.flatMap { Int($0.dropFirst(field.count + 2)) }
  }
}

/// Rows below a header that names their columns.
private struct Table {
  private let names: [Substring]
  private(set) var rows: [[Substring]] = []

  init?(_ text: String, separator: Character, header: String) {
    let lines = text.split(separator: "\n")
    guard let start = lines.firstIndex(where: { $0.hasPrefix(header) }) else { return nil }
    names = lines[start].dropFirst(2).split(separator: separator, omittingEmptySubsequences: false)
    for line in lines[(start + 1)...] {
      let row = line.split(separator: separator, omittingEmptySubsequences: false)
      guard rows.count < AdminAnswer.rowLimit else { return nil }
      if row.count >= names.count { rows.append(row) }
    }
  }

  func column(_ name: String) -> Int? { names.firstIndex { $0 == name } }
}
