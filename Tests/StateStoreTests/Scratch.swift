// A folder for one test, gone when the test is; and chance that a seed repeats.

import FormationModel
import Foundation
import Glibc
import StateStore
import Testing

/// A folder of one test.
final class Scratch: Sendable {
  let path: String

  init() throws {
    let parent = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    var template = Array("\(parent)/muster-state-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var state: String { "\(path)/state" }

  /// The state directory, for writing.
  func folder() throws -> StateFolder { try StateFolder.open(path: state, mode: .readWrite) }

  /// A state directory with its identity, and its store for writing.
  func store(limits: Limits = Limits()) throws -> SQLiteStore {
    let folder = try folder()
    let lock = try folder.lock(command: "test", at: now)
    _ = try folder.identity()
    return try folder.store(holding: lock, limits: limits)
  }

  /// What a command that must not write remembers.
  func readOnlyMemory() async throws -> Memory {
    try await StateFolder.open(path: state, mode: .readOnly).store().load()
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// Permission bits.
  func mode(_ name: String) throws -> mode_t {
    var status = stat()
    try #require(lstat("\(path)/\(name)", &status) == 0)
    return status.st_mode & 0o7777
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  /// Names, types, sizes and times of everything under the folder.
  func snapshot() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).sorted().map { name in
      var status = stat()
      try #require(lstat("\(path)/\(name)", &status) == 0)
      // The kernel dates a mapped file when it writes it back: of the shared index the bytes count.
      if name.hasSuffix("-shm") {
        let bytes = FileManager.default.contents(atPath: "\(path)/\(name)")
        return "\(name) \(status.st_mode) \(bytes?.hashValue ?? 0)"
      }
      let time = status.st_mtim
      return "\(name) \(status.st_mode) \(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
    }
  }
}

let now = LoopTime(milliseconds: 1_795_000_000_000)

/// SplitMix64.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// The failure that the body throws.
func failure(_ body: () async throws -> Void) async -> EffectFailure? {
  do {
    try await body()
    return nil
  } catch {
    return error as? EffectFailure
  }
}

extension Outcome {
  var failure: EffectFailure? {
    guard case .failed(let failure) = self else { return nil }
    return failure
  }
}
