// What lies among this controller's things, says which instance it is, and cannot prove it: a
// folder whose record cannot be read, a container whose record is gone. It keeps its slot from
// being started again, and nobody touches it.

import FormationModel
import FoundationEssentials

/// A folder of an instance without a record that can be taken.
struct UnreadRecord: Hashable, Sendable {
  /// The folder's name: the id of its instance, when Muster made it.
  let folder: String
  /// What is wrong with it, with its path.
  let reason: String
}

/// Sorts what has no proof into what says who it is and what does not.
struct Claims {
  private(set) var unproven: [UnprovenInstance] = []
  private(set) var strangers: [String] = []

  /// `strays` are containers that no record names.
  init(places: ControllerPlaces, unreadable: [UnreadRecord], strays: Set<String>) {
    var strays = strays
    for record in unreadable {
      guard let id = InstanceID(record.folder) else {
        strangers.append(record.reason)
        continue
      }
      // Its container is not another matter.
      for kind in InstanceKind.allCases {
        if let own = InstanceID(record.folder, kind: kind) { strays.remove(places.container(own)) }
      }
      let remedy = Self.remedy(places, container: places.container(id))
      unproven.append(
        UnprovenInstance(
          id, record.reason,
          fix: "put the record back; or \(remedy), then remove \(places.instances)/\(record.folder)"
        ))
    }
    for stray in strays.sorted() {
      let story = "\(places.oci)/\(stray): a container without a record"
      if let id = Self.identity(of: stray, in: places) {
        let fix = Self.remedy(places, container: stray)
        unproven.append(UnprovenInstance(id, "\(story), made for \(id)", fix: fix))
      } else {
        strangers.append(story)
      }
    }
  }

  private static func remedy(_ places: ControllerPlaces, container: String) -> String {
    "end it by hand: crun --root=\(places.oci) delete --force \(container) (or runc, with the same "
      + "words)"
  }

  /// The instance whose folder the container was made from: crun and runc both note the bundle.
  private static func identity(of container: String, in places: ControllerPlaces) -> InstanceID? {
    for file in ["status", "state.json"] {
      let path = "\(places.oci)/\(container)/\(file)"
      guard let bytes = (try? Files.read(path, limit: 4 << 20)) ?? nil,
        let state = try? JSONDecoder().decode(ContainerState.self, from: Data(bytes)),
        let bundle = state.folder
      else { continue }
      let name = bundle.split(separator: "/").last.map(String.init) ?? ""
      return InstanceKind.allCases.lazy.compactMap { InstanceID(name, kind: $0) }
        .first { places.container($0) == container }
    }
    return nil
  }
}

/// What the OCI runtimes keep of a container, as far as it says where it came from.
private struct ContainerState: Decodable {
  /// crun.
  let bundle: String?
  /// runc.
  let config: Labelled?

  struct Labelled: Decodable {
    let labels: [String]?
  }

  var folder: String? {
    bundle
      ?? config?.labels?.first { $0.hasPrefix("bundle=") }
      .map { String($0.dropFirst("bundle=".count)) }
  }
}
