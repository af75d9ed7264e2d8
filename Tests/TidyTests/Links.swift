// Links between pages: each leads somewhere, and every page of docs is reached from its map.

/// The checks of links.
enum Links {
  /// A link to a file of this repository.
  struct Link: Hashable {
    /// The path from the repository's root, without `.` and `..`.
    let path: String
    /// What follows `#`; nil when nothing does.
    let anchor: String?
    /// The line it stands on.
    let line: Int
  }

  /// The links of a page that lead into this repository, in order.
  static func links(of page: Page) -> [Link] {
    var links: [Link] = []
    var isCode = false
    let lines = page.text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.trimmedStart.hasPrefix("```") { isCode.toggle() }
      if isCode { continue }
      for part in line.split(separator: "](", omittingEmptySubsequences: false).dropFirst() {
        let target = part.prefix { $0 != ")" && $0 != " " }
        if target.contains("://") || target.hasPrefix("mailto:") { continue }
        let pieces = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = pieces[0].isEmpty ? page.path : resolve(String(pieces[0]), from: page.path)
        links.append(
          Link(path: path, anchor: pieces.count == 2 ? String(pieces[1]) : nil, line: index + 1))
      }
    }
    return links
  }

  /// Links that lead nowhere.
  static func dead(
    in page: Page, exists: (String) -> Bool, text: (String) -> String
  ) -> [Finding] {
    links(of: page).compactMap { link in
      guard exists(link.path) else {
        return Finding(page.path, line: link.line, "there is no \(link.path)")
      }
      guard let anchor = link.anchor, link.path.hasSuffix(".md"),
        !anchors(of: text(link.path)).contains(anchor)
      else { return nil }
      return Finding(page.path, line: link.line, "\(link.path) has no heading #\(anchor)")
    }
  }

  /// Pages that no chain of links reaches from the first one.
  static func unreached(from start: String, among pages: [Page]) -> [Finding] {
    let byPath = Dictionary(pages.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    var reached: Set<String> = [start]
    var pending = [start]
    while let path = pending.popLast() {
      guard let page = byPath[path] else { continue }
      for link in links(of: page) where reached.insert(link.path).inserted {
        pending.append(link.path)
      }
    }
    return pages.filter { !reached.contains($0.path) }.map {
      Finding($0.path, "no chain of links from \(start) leads here")
    }
  }

  /// The anchors of a page's headings, as code hosts make them.
  static func anchors(of text: String) -> Set<String> {
    Set(
      text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { heading in
        let words = heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
        return String(
          words.filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
            .map { $0 == " " ? "-" : $0 })
      })
  }

  private static func resolve(_ target: String, from page: String) -> String {
    var parts = page.split(separator: "/").dropLast().map(String.init)
    for part in target.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": if !parts.isEmpty { parts.removeLast() }
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }
}

extension Substring {
  /// Without spaces at the start.
  var trimmedStart: Substring { drop { $0 == " " } }
}
