// The user that every dyno runs as: one unprivileged id, in each stack under the same name.

/// The dyno's user.
enum DynoUser {
  /// Its user and group id: above the ids that Debian gives out, below those it reserves. Dynos are
  /// kept apart by their namespaces and own folders; the slug's files, shared by all dynos of a
  /// release, belong to this one id.
  static let id: UInt32 = 32767
  /// Its name.
  static let name = "dyno"
  /// Its home: where the slug is.
  static let home = "/app"
}
