// Descriptors that go from process to process over a UNIX domain socket.

import CLinux
package import FormationModel
import Glibc

/// Sends and receives descriptors.
package enum Descriptors {
  /// Bytes that may come with them.
  private static let bytesMost = 4_096

  /// Sends bytes with descriptors, which stay open here. Throws when the other end is gone.
  package static func send(
    _ descriptors: [Int32], with bytes: [UInt8], over connection: Int32
  ) throws(EffectFailure) {
    let count = muster_send_descriptors(
      connection, bytes, bytes.count, descriptors, Int32(descriptors.count))
    guard count == bytes.count else { throw .lastError("cannot hand over a session") }
  }

  /// What comes next: bytes, and the descriptors with them, which are the caller's to close.
  /// Nothing when the other end is gone.
  package static func received(
    over connection: Int32
  ) -> (bytes: [UInt8], descriptors: [Int32]) {
    var bytes = [UInt8](repeating: 0, count: bytesMost)
    var descriptors = [Int32](repeating: -1, count: Int(muster_descriptors_most))
    var number: Int32 = 0
    var count: Int
    repeat {
      count = muster_receive_descriptors(
        connection, &bytes, bytes.count, &descriptors, &number)
    } while count < 0 && errno == EINTR
    return (Array(bytes.prefix(max(0, count))), Array(descriptors.prefix(Int(number))))
  }
}
