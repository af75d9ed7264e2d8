// What every runtime needs of a machine: git, and a state directory with room. What a runtime needs
// besides, it knows itself.

import Effects
import FormationModel
import Foundation
import GitSource
import Glibc
import Review
import StateStore

/// Looks at the machine; changes nothing.
struct MachineChecks {
  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  /// All checks, in the order in which they matter.
  var all: [MachineCheck] { [git, repository] + stateDirectory }

  private var git: MachineCheck {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":").map { "\($0)/git" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    return MachineCheck(
      "git", "git",
      path.map { .found($0) }
        ?? .lacking(
          "is not installed; local repositories are read without it", fix: "apt install git"))
  }

  private var repository: MachineCheck {
    let found = settings.repository ?? GitSource.enclosingRepository(of: Composition.currentFolder)
    return MachineCheck(
      "repository", "repository of manifests",
      found.map { .found($0) }
        ?? .lacking("none here", fix: "go into it, or name it with --repo; `muster init` makes one")
    )
  }

  private var stateDirectory: [MachineCheck] {
    do throws(EffectFailure) {
      let folder = try StateFolder.open(path: settings.state, mode: .readOnly)
      let binding = folder.exists ? try folder.binding.read() : nil
      let words =
        binding.map { "\(folder.path), bound to \($0.runtime)" }
        ?? "\(folder.path), \(folder.exists ? "not bound yet" : "made by the first reconcile")"
      return [MachineCheck("state", "state directory", .found(words)), room(folder.path)]
    } catch {
      let fix = error.fix ?? "name another state directory with --state DIR"
      return [MachineCheck("state", "state directory", .missing(error.message, fix: fix))]
    }
  }

  /// Free space where the state directory is, or is to be.
  private func room(_ path: String) -> MachineCheck {
    var place = path
    while access(place, F_OK) != 0, let slash = place.lastIndex(of: "/") {
      place = slash == place.startIndex ? "/" : String(place[..<slash])
    }
    var system = statvfs()
    guard statvfs(place, &system) == 0 else {
      return MachineCheck(
        "disk", "disk space", .lacking("cannot be told at \(place)", fix: "look at `df \(place)`"))
    }
    let bytes = Int64(
      clamping: UInt64(system.f_bavail).multipliedReportingOverflow(
        by: UInt64(system.f_frsize)
      ).partialValue)
    let words = "\(BytesText.words(bytes)) free"
    return MachineCheck(
      "disk", "disk space",
      bytes >= 1 << 30
        ? .found(words)
        : .lacking(words, fix: "free space at \(place); stacks need some hundred MB"))
  }
}
