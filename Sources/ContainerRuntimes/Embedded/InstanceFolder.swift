// The folder of an instance on the disk: claimed once, atomically, with its record in it; removed
// atomically too, so that a folder under its final name always holds a record.

import CLinux
import ChildProcesses
import FormationModel
import Glibc

/// `instances/<id>`: record, bundle and the writable files of one instance.
struct InstanceFolder: Sendable {
  /// Folders that are being made or removed carry these; no instance id begins with a dot.
  static let freshPrefix = ".new-"
  static let gonePrefix = ".gone-"

  private let instances: String
  private let name: String

  init(_ id: InstanceID, in places: ControllerPlaces) {
    self.init(name: id.description, in: places)
  }

  init(name: String, in places: ControllerPlaces) {
    instances = places.instances
    self.name = name
  }

  /// Its path; the OCI bundle's too.
  var path: String { instances + "/" + name }
  /// The record's path.
  var record: String { path + "/record.json" }

  /// What reading a record comes to.
  enum Reading {
    /// There is no such instance.
    case absent
    /// Its record.
    case found(InstanceRecord)
    /// There is a folder, but this version cannot read what is in it.
    case unreadable(String)
  }

  /// Makes the folder with its record, durably; fails with `exists` when there is one already.
  func claim(_ record: InstanceRecord) throws(EffectFailure) {
    // A name of its own: two claims of one id must not meet before the one that counts.
    var random = SystemRandomNumberGenerator()
    let number = random.next() as UInt64
    let fresh = "\(instances)/\(InstanceFolder.freshPrefix)\(number)-\(name)"
    try Files.makeFolder(fresh, mode: 0o700)
    try Files.write(
      record.encoded(), to: fresh + "/record.json", mode: 0o600, durable: true)
    try Files.syncFolder(fresh)
    guard muster_rename_exclusively(fresh, path) == 0 else {
      let code = errno
      try Files.removeTree(fresh)
      guard code == EEXIST || code == ENOTEMPTY else {
        throw .system("cannot create \(path)", errno: code)
      }
      throw EffectFailure(
        "exists", "\(record.id) has been started before; an id is used once",
        retry: .afterObserving)
    }
    try Files.syncFolder(instances)
  }

  /// Reads the record.
  func read() -> Reading {
    do {
      guard let bytes = try Files.read(record, limit: 1 << 20) else {
        return Files.exists(path) ? .unreadable("\(path): no record") : .absent
      }
      guard let found = InstanceRecord.decoded(bytes), found.id.description == name else {
        return .unreadable("\(record): not a record that this version can read")
      }
      return .found(found)
    } catch {
      return .unreadable("\(record): \(error.message)")
    }
  }

  /// Replaces the record, durably.
  func rewrite(_ record: InstanceRecord) throws(EffectFailure) {
    try Files.replace(self.record, with: record.encoded(), mode: 0o600)
  }

  /// Removes the folder; whoever looks sees all of it or nothing.
  func remove() throws(EffectFailure) {
    let gone = "\(instances)/\(InstanceFolder.gonePrefix)\(name)"
    try Files.removeTree(gone)
    guard rename(path, gone) == 0 || errno == ENOENT else {
      throw .lastError("cannot remove \(path)")
    }
    try Files.removeTree(gone)
  }

  /// Removes what interrupted claims and removals left behind.
  static func sweep(_ places: ControllerPlaces) throws(EffectFailure) {
    for name in try Files.names(in: places.instances) ?? []
    where name.hasPrefix(freshPrefix) || name.hasPrefix(gonePrefix) {
      try Files.removeTree(places.instances + "/" + name)
    }
  }
}
