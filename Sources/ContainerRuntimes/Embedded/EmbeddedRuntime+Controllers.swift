// Who left records in a state directory: for taking it over once its identity is lost.

package import FormationModel

extension EmbeddedRuntime {
  /// The controllers that records of instances in a state folder name, with the count of records.
  /// Records that cannot be read are not counted. Throws when the folder cannot be read.
  package static func controllers(
    stateFolder: String
  ) throws(EffectFailure) -> [String: Int] {
    let places = try ControllerPlaces(controller: "unborn", state: stateFolder, boot: "unknown")
    var counts: [String: Int] = [:]
    for name in try Files.names(in: places.instances) ?? [] where !name.hasPrefix(".") {
      guard case .found(let record) = InstanceFolder(name: name, in: places).read() else {
        continue
      }
      counts[record.controller, default: 0] += 1
    }
    return counts
  }
}
