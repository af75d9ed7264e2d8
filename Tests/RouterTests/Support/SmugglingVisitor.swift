// Visitors who smuggle: they send bytes when they are told to, and read until the router closes.

import FormationModel
import Foundation
import Glibc
import Testing

@testable import Router

extension SmugglingRange {
  /// Sends a probe; the answers' statuses.
  func send(_ probe: SmugglingProbe) async throws -> String {
    try await blocking {
      let connection = try Sockets.connect(rig.visitor.place)
      defer { close(connection) }
      var answer: [UInt8] = []
      let before = origin.byteCount
      for (pause, bytes) in probe.parts {
        switch pause {
        case nil: break
        case .forAnswer: if let more = Sockets.receive(connection) { answer += more }
        case .forArrival: waitForArrival(after: before)
        }
        send(bytes, on: connection, byteByByte: probe.sendsByteByByte)
      }
      if probe.breaksOff {
        waitForArrival(after: before)
        return ""
      }
      while let more = Sockets.receive(connection) { answer += more }
      return Self.statuses(answer)
    }
  }

  private func waitForArrival(after count: Int) {
    let deadline = ContinuousClock.now + .seconds(10)
    while origin.byteCount == count, ContinuousClock.now < deadline { usleep(1000) }
  }

  private func send(_ bytes: [UInt8], on connection: Int32, byteByByte: Bool) {
    guard byteByByte else { return Sockets.send(connection, bytes) }
    var isOn: Int32 = 1
    setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, 4)
    for byte in bytes { Sockets.send(connection, [byte]) }
  }

  /// The statuses of answers, one after the other.
  private static func statuses(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").dropFirst()
      .map { String($0.prefix(3)) }.joined(separator: " ")
  }
}
