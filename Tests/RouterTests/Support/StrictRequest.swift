// HTTP/1.1 requests as the strictest of servers reads them: RFC 9112's grammar with nothing that it
// lets a recipient forgive. What a router sends on has to be that, byte for byte.

/// A request that was read from bytes.
struct StrictRequest: Sendable {
  struct Field: Sendable {
    /// In lower case.
    let name: String
    let value: String
  }

  let method: String
  let target: String
  let fields: [Field]
  var trailers: [Field] = []
  var bodyLength = 0
  /// Whether the connection ended before its body did.
  var isCut = false

  /// The values of a field.
  func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  /// The host, as routers compare it.
  var host: String {
    var host = (values("host").first ?? "").lowercased()[...]
    if let colon = host.lastIndex(of: ":") { host = host[..<colon] }
    while host.last == "." { host = host.dropLast() }
    return String(host)
  }

  /// `POST /a 5`: what tables of expectations have.
  var summary: String {
    let place = host == "shop.test" ? "" : " @\(host)"
    return "\(method) \(target) \(isCut ? "cut" : "\(bodyLength)")\(place)"
  }
}

/// What bytes begin with.
enum StrictReading: Sendable {
  /// A request, and where the next one begins.
  case whole(StrictRequest, end: Int)
  /// A request whose body goes on.
  case started(StrictRequest)
  /// A head that goes on.
  case nothing
}

/// Why bytes are no request.
struct NotStrict: Error { let reason: String }

extension StrictReading {
  private static let lineEnd: [UInt8] = [0x0D, 0x0A]

  /// Reads what begins at a place.
  static func read(_ bytes: [UInt8], from start: Int) throws(NotStrict) -> StrictReading {
    guard let (lines, end) = try takeLines(bytes, from: start) else { return .nothing }
    var request = try head(lines)
    guard try request.isChunked() else {
      request.bodyLength = try request.statedLength()
      let last = end + request.bodyLength
      return last <= bytes.count ? .whole(request, end: last) : .started(request)
    }
    var place = end
    while let (line, dataStart) = try takeLine(bytes, from: place) {
      guard (1...15).contains(line.utf8.count), let size = Int(line, radix: 16),
        line.utf8.first != UInt8(ascii: "+")
      else { throw NotStrict(reason: "chunk size \(line.debugDescription)") }
      if size == 0 {
        guard let (lines, end) = try takeLines(bytes, from: dataStart) else { break }
        for line in lines { request.trailers.append(try field(line)) }
        return .whole(request, end: end)
      }
      request.bodyLength += size
      let dataEnd = dataStart + size
      guard dataEnd + 2 <= bytes.count else { break }
      guard bytes[dataEnd..<(dataEnd + 2)].elementsEqual(lineEnd) else {
        throw NotStrict(reason: "a chunk without its end")
      }
      place = dataEnd + 2
    }
    return .started(request)
  }

  /// Lines up to an empty one, and what is behind that; nil while there is none.
  private static func takeLines(
    _ bytes: [UInt8], from start: Int
  ) throws(NotStrict) -> ([String], Int)? {
    var lines: [String] = []
    var place = start
    while let (line, end) = try takeLine(bytes, from: place) {
      if line.isEmpty { return (lines, end) }
      lines.append(line)
      place = end
    }
    return nil
  }

  /// The text up to CRLF, and what is behind it. Controls are nowhere in one, CR and LF by
  /// themselves least of all.
  private static func takeLine(
    _ bytes: [UInt8], from start: Int
  ) throws(NotStrict) -> (String, Int)? {
    guard let feed = bytes[start...].firstIndex(of: 0x0A) else { return nil }
    guard feed > start, bytes[feed - 1] == 0x0D else { throw NotStrict(reason: "a bare LF") }
    let line = bytes[start..<(feed - 1)]
    if let odd = line.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
      throw NotStrict(reason: "byte \(odd) in a line")
    }
    return (String(decoding: line, as: UTF8.self), feed + 1)
  }

  private static func head(_ lines: [String]) throws(NotStrict) -> StrictRequest {
    guard let first = lines.first else { throw NotStrict(reason: "an empty head") }
    let words = first.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, words[0].isToken, ["HTTP/1.1", "HTTP/1.0"].contains(words[2]),
      words[1].hasPrefix("/") || words[1] == "*" && words[0] == "OPTIONS",
      words[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
    else { throw NotStrict(reason: "request line \(first.debugDescription)") }
    var fields: [StrictRequest.Field] = []
    for line in lines.dropFirst() { fields.append(try field(line)) }
    let request = StrictRequest(method: words[0], target: words[1], fields: fields)
    guard request.values("host").count == 1, request.host.utf8.allSatisfy(\.isHostByte),
      !request.host.isEmpty
    else { throw NotStrict(reason: "hosts \(request.values("host"))") }
    if words[2] == "HTTP/1.0", !request.values("transfer-encoding").isEmpty {
      throw NotStrict(reason: "an encoding in HTTP/1.0")
    }
    return request
  }

  private static func field(_ line: String) throws(NotStrict) -> StrictRequest.Field {
    guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      throw NotStrict(reason: "no colon in \(line.debugDescription)")
    }
    let name = String(line[..<colon])
    guard name.isToken else { throw NotStrict(reason: "field \(line.debugDescription)") }
    var value = line[line.utf8.index(after: colon)...]
    while let last = value.last, " \t".contains(last) { value.removeLast() }
    return StrictRequest.Field(
      name: name.lowercased(), value: String(value.drop { " \t".contains($0) }))
  }
}

extension StrictRequest {
  fileprivate func isChunked() throws(NotStrict) -> Bool {
    let encodings = values("transfer-encoding")
    if encodings.isEmpty { return false }
    guard encodings.count == 1, encodings[0].lowercased() == "chunked" else {
      throw NotStrict(reason: "encodings \(encodings)")
    }
    guard values("content-length").isEmpty else {
      throw NotStrict(reason: "a length and an encoding")
    }
    return true
  }

  fileprivate func statedLength() throws(NotStrict) -> Int {
    let lengths = values("content-length")
    guard let text = lengths.first else { return 0 }
    guard lengths.count == 1, (1...18).contains(text.utf8.count), let length = Int(text),
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { throw NotStrict(reason: "lengths \(lengths)") }
    return length
  }
}

extension String {
  /// Whether it is RFC 9110's `token`.
  fileprivate var isToken: Bool {
    let others = Array("!#$%&'*+-.^_`|~".utf8)
    return !isEmpty && utf8.allSatisfy { $0.isLetterOrDigit || others.contains($0) }
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  fileprivate var isHostByte: Bool { isLetterOrDigit || Array(".-_:[]".utf8).contains(self) }
}
