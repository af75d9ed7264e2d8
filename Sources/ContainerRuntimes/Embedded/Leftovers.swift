// What an interrupted Muster, or somebody else, left among this controller's things. Files that
// only a record gives a meaning to are removed with it; a container without a record is reported
// only.

import FormationModel

/// Looks for what no record names.
struct Leftovers: Sendable {
  let places: ControllerPlaces

  /// The OCI runtime's containers.
  func containers() -> Set<String> {
    Set(((try? Files.names(in: places.oci)) ?? nil) ?? [])
  }

  /// Whether a folder's name is that of something half made or half removed.
  static func isLeftover(_ name: String) -> Bool {
    [ContentStore.freshPrefix, InstanceFolder.freshPrefix, InstanceFolder.gonePrefix]
      .contains { name.hasPrefix($0) }
  }

  /// Removes exit codes and process ids of instances whose records are gone: a removal that was cut
  /// short after its last step that counts. Nothing is removed while a record cannot be read.
  func sweep(_ records: [InstanceRecord], unreadable: [UnreadRecord]) throws(EffectFailure) {
    guard unreadable.isEmpty else { return }
    let known = Set(records.map(\.container))
    for folder in [places.exits, places.pids] {
      for name in try Files.names(in: folder) ?? [] {
        let container = name.prefix { $0 != "." }
        if !known.contains(String(container)) { try Files.remove("\(folder)/\(name)") }
      }
    }
  }
}
