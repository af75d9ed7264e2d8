// What takes space on the disk, piece by piece, as whoever keeps it tells.

/// What a piece is.
package enum StoredKind: String, Codable, Sendable, CaseIterable {
  /// A root file system, named by its digest.
  case stack
  /// An app's files, named by their digest.
  case slug
  /// What one instance may write, with its record, named by the instance.
  case writable
  /// The output of one instance, named by the instance.
  case log
  /// A copy of a remote repository, named by its folder.
  case mirror
  /// Muster's memory and history.
  case database
  /// Generated secrets, and the key that proves what is ours.
  case secret
  /// Space set aside for a full disk.
  case reserve
  /// What an interrupted preparation or removal left.
  case leftover
  /// Data of add-ons, and everything else in the state directory that is none of the above.
  case other
}

/// One piece, as it lies on the disk.
package struct StoredItem: Hashable, Codable, Sendable {
  /// What it is.
  package var kind: StoredKind
  /// Its name, unique within its kind.
  package var name: String
  /// Whose it is; nil when it belongs to no instance.
  package var instance: InstanceID?
  /// Bytes that it takes on the disk.
  package var bytes: Int64

  /// Makes an item.
  package init(_ kind: StoredKind, _ name: String, instance: InstanceID? = nil, bytes: Int64) {
    self.kind = kind
    self.name = name
    self.instance = instance
    self.bytes = bytes
  }
}

/// The space of a file system, in bytes.
package struct DiskSpace: Hashable, Codable, Sendable {
  /// All of it.
  package var total: Int64
  /// What is free.
  package var free: Int64
  /// What is set aside for a full disk; 0 when nothing is.
  package var reserved: Int64

  /// Below this, new releases are held.
  package var lowMark: Int64 { DiskShortage.mark(of: total) }

  /// Makes a space.
  package init(total: Int64, free: Int64, reserved: Int64) {
    self.total = total
    self.free = free
    self.reserved = reserved
  }
}
