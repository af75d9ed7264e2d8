// The only place that names concrete adapters.

import ContainerRuntimes
import Effects
import FormationModel
import GitSource
import Glibc
import ManifestParsing
import Review
import SimulatedWorld
import StateStore

/// Makes adapters.
enum Composition {
  /// The repository of manifests.
  static func source(
    _ binding: Binding, mirrors: String?
  ) throws(SourceProblem) -> GitSource {
    GitSource(
      address: try GitAddress(binding.repository, relativeTo: currentFolder), ref: binding.ref,
      environment: binding.environment, mirrorFolder: mirrors, catalog: ShippedCatalog.catalog)
  }

  /// Whatever runs containers, and what resolves stacks for it.
  static func runtime(
    _ kind: RuntimeKind, state: StateFolder, identity: ControllerIdentity?,
    digests: any Digesting
  ) throws -> (any ContainerRuntime, any StackResolving) {
    switch kind {
    case .simulated:
      return (
        SimulatedRuntime(stateFolder: state.path, clock: WallClock.now),
        SimulatedStacks(digests: digests)
      )
    case .embedded:
      guard geteuid() == 0 else {
        throw CommandFailure(
          .unknown, "the embedded runtime needs root",
          fix: "run it with sudo, or look without a machine by --runtime simulated")
      }
      let runtime = try EmbeddedRuntime(
        controller: identity?.shortID ?? "unborn", stateFolder: state.path)
      return (runtime, StackResolver())
    }
  }

  /// The folder that relative paths are relative to.
  static var currentFolder: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }
}
