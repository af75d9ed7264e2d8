// Visitors who speak HTTP/2 by TLS: frames by hand, so that they may be such as no client makes.

import FormationModel
import Foundation
import Testing

@testable import Router

/// Makes frames. Streams are numbered as a client does: 1, 3, 5.
enum Frames {
  /// How a client begins: the preface and its settings, of which there are none.
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, 0, 0, [])

  /// Fields of a request or, behind data, its trailers.
  static func headers(
    _ stream: UInt8, _ fields: [(String, String)], isLast: Bool
  ) -> [UInt8] {
    frame(1, isLast ? 0x5 : 0x4, stream, fields.flatMap(literal))
  }

  static func data(_ stream: UInt8, _ text: String, isLast: Bool) -> [UInt8] {
    frame(0, isLast ? 0x1 : 0, stream, Array(text.utf8))
  }

  private static func frame(
    _ kind: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8]
  ) -> [UInt8] {
    let size = payload.count
    return [UInt8(size >> 16 & 255), UInt8(size >> 8 & 255), UInt8(size & 255), kind, flags]
      + [0, 0, 0, stream] + payload
  }

  /// A field without indexing and without Huffman's code (RFC 7541, 6.2.2).
  private static func literal(_ name: String, _ value: String) -> [UInt8] {
    [0] + sized(name) + sized(value)
  }

  /// A length with a prefix of seven bits, and the text.
  private static func sized(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
    var rest = bytes.count - 127
    var length: [UInt8] = [127]
    while rest >= 128 {
      length.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return length + [UInt8(rest)] + bytes
  }
}

extension SmugglingRange {
  /// Sends streams of HTTP/2, each once the one before has ended; what each came to: a status,
  /// `reset-1`, or `closed` when the connection ends.
  func send(_ streams: [[UInt8]]) async throws -> String {
    let parts = streams.enumerated().map { index, bytes in
      (index == 0 ? Frames.preface + bytes : bytes).map { byte in
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0\(digits)" : digits
      }.joined()
    }
    let place = [rig.entry.address, "\(rig.entry.https)", "\(rig.root)/ca.pem", "shop.test"]
    let result = try await run("python3", ["-I", "-S", "-c", Self.script] + place + parts)
    #expect(result.status == 0, "\(result.output)")
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Foundation has no TLS whose bytes one can choose; Python has.
  private static let script = """
    import socket, ssl, sys

    address, port, authority, host = sys.argv[1:5]
    context = ssl.create_default_context(cafile=authority)
    context.set_alpn_protocols(["h2"])
    plain = socket.create_connection((address, int(port)), 20)
    connection = context.wrap_socket(plain, server_hostname=host)
    assert connection.selected_alpn_protocol() == "h2"
    words, ended = [], set()
    indexed = {0x88: "200", 0x8c: "400", 0x8d: "404", 0x8e: "500"}

    def exactly(count):
        data = b""
        while len(data) < count:
            more = connection.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def status(block):
        # A change of the table's size may come first; the router codes the rest plainly.
        while block[0] & 0xe0 == 0x20:
            block = block[1:]
        return indexed.get(block[0]) or block[2:5].decode()

    def wait(stream):
        while stream not in ended:
            head = exactly(9)
            kind, flags, number = head[3], head[4], int.from_bytes(head[5:9], "big")
            payload = exactly(int.from_bytes(head[:3], "big"))
            if kind == 7:
                raise EOFError
            if number in ended:
                continue
            if kind == 1:
                words.append(status(payload))
            if kind == 3:
                words.append("reset-%d" % int.from_bytes(payload[:4], "big"))
            if kind == 3 or kind in (0, 1) and flags & 1:
                ended.add(number)

    try:
        for index, part in enumerate(sys.argv[5:]):
            connection.sendall(bytes.fromhex(part))
            wait(2 * index + 1)
    except (EOFError, OSError):
        words.append("closed")
    print(" ".join(words))
    """
}
