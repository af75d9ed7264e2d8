// A folder of log files that a test writes as a monitor would; removed when it goes.

import FormationModel
import Foundation
import Synchronization
import Testing

@testable import ContainerRuntimes

/// Log files of a test's own.
final class LogScratch: Sendable {
  let path = NSTemporaryDirectory() + "muster-logs-\(UUID().uuidString)"
  /// Instances that are there, for tests that ask.
  let present = Mutex<Set<InstanceID>>([])

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var logs: LogFolder { LogFolder(path: path, policy: LogPolicy()) }

  func id(_ app: String = "contract", _ ordinal: Int = 1, attempt: Int = 1) throws -> InstanceID {
    let app = try #require(AppName(rawValue: app))
    return InstanceID(slot: SlotID(app, .web, ordinal), release: 1, attempt: attempt)
  }

  /// Replaces what an instance has written.
  func write(_ text: String, to id: InstanceID) throws {
    let file = URL(filePath: logs.file(id))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Writes on.
  func append(_ text: String, to id: InstanceID) throws {
    let path = logs.file(id)
    if !FileManager.default.fileExists(atPath: path) { return try write(text, to: id) }
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  /// Sets the file aside, whatever its size.
  func setAside(_ id: InstanceID) throws {
    var policy = LogPolicy()
    policy.bytes = 0
    try LogFolder(path: path, policy: policy).rotate(id) {}
  }

  static func time(_ number: Int) -> LoopTime {
    LoopTime(milliseconds: 1_800_000_000_000 + Int64(number))
  }

  /// A record as conmon writes it.
  static func record(
    _ number: Int, _ text: String, isError: Bool = false, isPartial: Bool = false
  ) -> String {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    let seconds = Double(time(number).milliseconds) / 1000
    let stamp = formatter.string(from: Date(timeIntervalSince1970: seconds))
    return "\(stamp) \(isError ? "stderr" : "stdout") \(isPartial ? "P" : "F") \(text)\n"
  }

  /// Records of both streams, some of them pieces of long lines, some of them garbage.
  static func records(_ chance: inout SeededNumbers, count: Int) -> [String] {
    (0..<count).map { number in
      let length = Int.random(
        in: 0...(Int.random(in: 0...9, using: &chance) == 0 ? 9_000 : 90), using: &chance)
      let text = String(repeating: Character(UnicodeScalar(UInt8(97 + number % 26))), count: length)
      if Int.random(in: 0...40, using: &chance) == 0 { return "no record at all\n" }
      return record(
        number, text, isError: Int.random(in: 0...3, using: &chance) == 0,
        isPartial: Int.random(in: 0...2, using: &chance) == 0)
    }
  }
}

/// Numbers that look random, the same for the same seed.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
