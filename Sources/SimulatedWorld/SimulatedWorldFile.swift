// Keeps a simulated machine in one file of the state directory. Reading never writes; writing is a
// new file that takes the old one's place.

internal import FormationModel
internal import Foundation

/// The file that holds a simulated machine.
struct SimulatedWorldFile {
  /// Its path.
  let path: String

  /// What a file's content is recognised by, to read it again only when it has changed.
  struct Stamp: Equatable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modified: [Int]

    init?(path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      #if canImport(Darwin)
        modified = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
      #else
        modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
      #endif
    }
  }

  /// The machine, and what its file is recognised by; an empty one when there is no file. Throws
  /// when there is one that cannot be read: that is never an empty machine.
  func read() throws(EffectFailure) -> (SimulatedMachine, Stamp?) {
    let stamp = Stamp(path: path)
    guard stamp != nil else { return (SimulatedMachine(), nil) }
    do {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let machine = try JSONDecoder().decode(SimulatedMachine.self, from: bytes)
      guard machine.isPlausible else { throw CocoaError(.fileReadCorruptFile) }
      return (machine, stamp)
    } catch {
      throw EffectFailure(
        "world-unreadable", "\(path) is not a simulated world",
        fix: "move it away to start with an empty one", retry: .whenMachineIsMended)
    }
  }

  /// Replaces the file, readable by its owner alone. Returns what it is recognised by.
  func write(_ machine: SimulatedMachine) throws(EffectFailure) -> Stamp? {
    let temporary = "\(path).new"
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let bytes = try encoder.encode(machine)
      try? FileManager.default.removeItem(atPath: temporary)
      guard
        FileManager.default.createFile(
          atPath: temporary, contents: bytes, attributes: [.posixPermissions: 0o600]),
        rename(temporary, path) == 0
      else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      throw EffectFailure(
        "world-unwritable", "\(path) cannot be written", fix: "see that its folder can be",
        retry: .whenMachineIsMended)
    }
    return Stamp(path: path)
  }
}
