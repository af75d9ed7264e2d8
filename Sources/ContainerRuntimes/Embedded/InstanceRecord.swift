// The record of an instance: written before anything of it exists, the proof of ownership
// afterwards.

import FormationModel
import FoundationEssentials

/// What is known of an instance before it is started, with the names of everything it will use.
struct InstanceRecord: Hashable, Codable, Sendable {
  /// The newest format that this version reads.
  static let currentFormat = 1

  /// The version of this format.
  var format = InstanceRecord.currentFormat
  /// The controller that owns it.
  let controller: String
  /// Who it is.
  let id: InstanceID
  /// What it is started with, without secrets.
  let form: InstanceForm
  /// How many attempts before it died early.
  let crashes: Int
  /// The boot it was made in.
  let boot: String
  /// The name of its container, of its network interface and of its cgroup.
  let container: String
  /// Its address.
  let address: String
  /// What `$PORT` says; nil when it has none.
  let port: Int?
  /// When it was recorded.
  let recordedAt: LoopTime
  /// The cores that its type has for itself, 0 for one that shares; nil: an older version wrote it.
  var cores: Int?
  /// How it is connected to whoever asked for it; nil: it is not.
  var session: SessionForm?
  /// When SIGKILL is due; nil until it was asked to stop.
  var killAt: LoopTime?

  /// The bytes of its file.
  func encoded() throws(EffectFailure) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      return Array(try encoder.encode(self))
    } catch {
      throw EffectFailure("record", "cannot encode the record of \(id)", retry: .later)
    }
  }

  /// Reads a record's bytes; nil when they are no record of a known format.
  static func decoded(_ bytes: [UInt8]) -> InstanceRecord? {
    guard let record = try? JSONDecoder().decode(InstanceRecord.self, from: Data(bytes)),
      record.format <= currentFormat
    else { return nil }
    return record
  }
}
