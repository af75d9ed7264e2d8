// Names in the state directory. Only names: who owns a part reads and writes it.

/// Where things lie in the state directory (docs/reference/state.md).
enum Layout {
  static let identity = "identity"
  static let secrets = "secrets"
  static let database = "muster.sqlite"
  static let lock = "lock"
  static let binding = "binding.json"
  static let reserve = "reserve"
  static let instances = "instances"

  /// Entries that a state directory may have before its identity is made.
  static let beforeIdentity: Set<String> = [lock, "lost+found"]

  /// Entries that prove that a folder was a state directory, even without its identity.
  static let proofs: Set<String> = [database, secrets, binding, instances]
}
