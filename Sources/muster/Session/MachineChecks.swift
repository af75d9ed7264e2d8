// What Muster needs of a machine whatever the runtime: git, a repository, a state directory. What a
// runtime needs besides, it knows itself.

import Effects
import FormationModel
import Foundation
import GitSource
import Review
import Server
import StateStore

/// Looks at the machine; changes nothing.
struct MachineChecks {
  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  /// All checks, in the order in which they matter.
  var all: [MachineCheck] {
    get async { [git, repository, await stateDirectory, await daemon] }
  }

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

  /// Whether somebody keeps the formation as git asks.
  private var daemon: MachineCheck {
    get async {
      let folder = Composition.absolute(settings.state)
      let isHere = Surroundings.current.daemon != nil
      let finding: MachineCheck.Finding
      do {
        if isHere {
          finding = .found("at work")
        } else if let call = try await ControlCall.connect(to: folder) {
          await call.leave()
          finding = .found("at work")
        } else if ControlCall.wasLeft(in: folder) {
          finding = .lacking(
            "has ended without being stopped", fix: "sudo systemctl restart muster, or see its log")
        } else {
          finding = .found("not at work; `muster reconcile` makes each pass")
        }
      } catch let failure as ControlFailure {
        finding = .lacking(failure.message, fix: failure.fix ?? "see its log")
      } catch {
        finding = .lacking("does not answer", fix: "see its log")
      }
      return MachineCheck("serve", "muster serve", finding)
    }
  }

  /// What can be read is read: a machine on which the state directory's identity or database cannot
  /// be is as little use as one without a runtime.
  private var stateDirectory: MachineCheck {
    get async {
      do throws(EffectFailure) {
        let folder = try StateFolder.open(path: settings.state, mode: .readOnly)
        let binding = folder.exists ? try folder.binding.read() : nil
        if folder.exists {
          _ = try folder.existingIdentity()
          _ = try await folder.store().load()
        }
        let words =
          binding.map { "\(folder.path), bound to \($0.runtime)" }
          ?? "\(folder.path), \(folder.exists ? "not bound yet" : "made by the first reconcile")"
        return MachineCheck("state", "state directory", .found(words))
      } catch {
        let fix = error.fix ?? "name another state directory with --state DIR"
        let isMendedByReconcile = ["store-older", "store-unfinished"].contains(error.code)
        return MachineCheck(
          "state", "state directory",
          isMendedByReconcile
            ? .lacking(error.message, fix: fix) : .missing(error.message, fix: fix))
      }
    }
  }
}
