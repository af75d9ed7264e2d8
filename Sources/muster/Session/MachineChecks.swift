// What Muster needs of a machine whatever the runtime: git, a repository, a state directory. What a
// runtime needs besides, it knows itself.

import Effects
import FormationModel
import Foundation
import GitSource
import Review
import StateStore

/// Looks at the machine; changes nothing.
struct MachineChecks {
  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  /// All checks, in the order in which they matter.
  var all: [MachineCheck] { [git, repository, stateDirectory] }

  private var git: MachineCheck {
    let path = (Surroundings.current.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":").map { "\($0)/git" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    return MachineCheck(
      "git", "git",
      path.map { .found($0) }
        ?? .lacking(
          "is not installed; local repositories are read without it", fix: "apt install git"))
  }

  private var repository: MachineCheck {
    let found =
      settings.repository ?? GitFormationSource.enclosingRepository(of: Composition.currentFolder)
    return MachineCheck(
      "repository", "repository of manifests",
      found.map { .found($0) }
        ?? .lacking("none here", fix: "go into it, or name it with --repo; `muster init` makes one")
    )
  }

  private var stateDirectory: MachineCheck {
    do throws(EffectFailure) {
      let folder = try StateFolder.open(path: settings.state, mode: .readOnly)
      let binding = folder.exists ? try folder.binding.read() : nil
      let words =
        binding.map { "\(folder.path), bound to \($0.runtime)" }
        ?? "\(folder.path), \(folder.exists ? "not bound yet" : "made by the first reconcile")"
      return MachineCheck("state", "state directory", .found(words))
    } catch {
      let fix = error.fix ?? "name another state directory with --state DIR"
      return MachineCheck("state", "state directory", .missing(error.message, fix: fix))
    }
  }
}
