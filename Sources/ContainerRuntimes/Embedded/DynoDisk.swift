// What dynos have written to the disk. Plain file systems bound no folder, so when the disk gets
// full the least is to say whose files fill it.

import FormationModel

/// Measures the writable layers of a controller's instances.
struct DynoDisk: Sendable {
  let places: ControllerPlaces

  /// What one instance has written below /app.
  struct Use: Hashable, CustomStringConvertible {
    let instance: String
    let bytes: Int64

    var description: String { "\(instance) wrote \(bytes / 1_000_000) MB" }
  }

  /// The instances that wrote most, most first; those with less than a megabyte are left out. Reads
  /// every folder below every /app: for people who ask, not for every pass.
  func largest(_ count: Int) -> [Use] {
    let names = ((try? Files.names(in: places.instances)) ?? nil) ?? []
    return names.filter { !$0.hasPrefix(".") }
      .map { Use(instance: $0, bytes: Files.bytesOfTree("\(places.instances)/\($0)/app")) }
      .filter { $0.bytes >= 1_000_000 }
      .sorted { ($1.bytes, $0.instance) < ($0.bytes, $1.instance) }
      .prefix(count).map { $0 }
  }
}
