// A web dyno that records every byte of every connection, and answers what a strict parser finds in
// them. What is no request is recorded as a failure, and its connection ends.

import FormationModel
import Foundation
import Glibc
import Synchronization

/// Paths: `/ws` becomes a tunnel that sends back what it gets and ends after `end`; everything else
/// is answered once its body is there.
final class RecordingOrigin: Sendable {
  private struct State {
    var arrivals: [StrictRequest] = []
    var failures: [String] = []
    var byteCount = 0
    var connections: [Int32] = []
    var isOpen = true
  }

  let endpoint: Endpoint
  private let listener: Int32
  private let state = Mutex(State())

  init() throws {
    (listener, endpoint) = try Sockets.listen()
    Thread.detachNewThread { [self] in accept() }
  }

  /// The requests of all connections, as their heads came.
  var arrivals: [StrictRequest] { state.withLock(\.arrivals) }

  /// What was no request.
  var failures: [String] { state.withLock(\.failures) }

  /// Bytes that came.
  var byteCount: Int { state.withLock(\.byteCount) }

  /// Ends, with all its connections.
  func close() {
    state.withLock { state in
      state.isOpen = false
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
    Glibc.close(listener)
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      if connection < 0 { return }
      let isOpen = state.withLock { state in
        if state.isOpen { state.connections.append(connection) }
        return state.isOpen
      }
      guard isOpen else { Glibc.close(connection); return }
      Thread.detachNewThread { [self] in
        serve(connection)
        state.withLock { $0.connections.removeAll { $0 == connection } }
        Glibc.close(connection)
      }
    }
  }

  /// Reads a connection to its end.
  private func serve(_ connection: Int32) {
    var bytes: [UInt8] = []
    var start = 0
    var place: Int?
    do throws(NotStrict) {
      while let more = Sockets.receive(connection) {
        bytes += more
        state.withLock { $0.byteCount += more.count }
        reading: while start < bytes.count {
          switch try StrictReading.read(bytes, from: start) {
          case .nothing: break reading
          case .started(let request):
            if place == nil, !request.values("expect").isEmpty {
              Sockets.send(connection, "HTTP/1.1 100 Continue\r\n\r\n")
            }
            place = note(request, isCut: true, at: place)
            break reading
          case .whole(let request, let end):
            _ = note(request, isCut: false, at: place)
            (start, place) = (end, nil)
            if answer(request, on: connection) { return tunnel(bytes[end...], on: connection) }
          }
        }
      }
      if start < bytes.count, place == nil { throw NotStrict(reason: "half a head") }
    } catch {
      let shown = String(decoding: bytes[start...].prefix(600), as: UTF8.self).debugDescription
      state.withLock { $0.failures.append("\(error.reason): \(shown)") }
    }
  }

  /// Notes a request in the place that its head has in the order of all; the place.
  private func note(_ request: StrictRequest, isCut: Bool, at place: Int?) -> Int {
    var request = request
    request.isCut = isCut
    return state.withLock { state in
      if let place {
        state.arrivals[place] = request
        return place
      }
      state.arrivals.append(request)
      return state.arrivals.count - 1
    }
  }

  /// Whether the connection is a tunnel from now on.
  private func answer(_ request: StrictRequest, on connection: Int32) -> Bool {
    if request.target == "/ws", request.values("upgrade") == ["websocket"] {
      Sockets.send(
        connection,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
      return true
    }
    let body = request.method == "HEAD" ? "" : "one"
    Sockets.send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\(body)")
    return false
  }

  private func tunnel(_ first: ArraySlice<UInt8>, on connection: Int32) {
    var bytes = Array(first)
    Sockets.send(connection, bytes)
    while !bytes.suffix(3).elementsEqual("end".utf8) {
      guard let more = Sockets.receive(connection) else { return }
      bytes += more
      Sockets.send(connection, more)
    }
  }
}
