// The only place that names concrete adapters.

import ContainerRuntimes
import ControlLoop
import Effects
import FormationModel
import GitSource
import Glibc
import ManifestParsing
import Review
import Router
import SimulatedWorld
import StateStore

/// Makes adapters.
enum Composition {
  /// The repository of manifests.
  static func source(
    _ binding: Binding, mirrors: String?
  ) throws(SourceProblem) -> GitFormationSource {
    try source(
      repository: binding.repository, ref: binding.ref, environment: binding.environment,
      mirrors: mirrors)
  }

  /// A repository that no state directory is bound to.
  static func source(
    repository: String, ref: String?, environment: String?, mirrors: String?,
    others: OtherRepositories = .all
  ) throws(SourceProblem) -> GitFormationSource {
    GitFormationSource(
      address: try GitAddress(repository, relativeTo: currentFolder), ref: ref,
      environment: environment, mirrorFolder: mirrors, catalog: ShippedCatalog.catalog,
      others: others)
  }

  /// Looks up what a formation refers to without any machine: stacks by their definitions.
  static func reviewResolver() -> FormationResolver {
    let digests = KeylessDigests()
    return FormationResolver(digests: digests, stacks: SimulatedStacks(digests: digests))
  }

  /// Whatever runs containers, and what resolves stacks for it.
  static func runtime(
    _ kind: RuntimeKind, state: StateFolder, identity: ControllerIdentity?,
    digests: any Digesting, platform: Platform? = nil
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
        controller: identity?.shortID ?? "unborn", stateFolder: state.path,
        logPolicy: platform.map { LogPolicy(bytesPerDyno: $0.logBytesPerDyno) } ?? LogPolicy())
      return (runtime, StackResolver())
    }
  }

  /// What sends requests to the dynos of that runtime. For the command that stays it takes down
  /// each of them until `leave`.
  static func router(
    _ runtime: any ContainerRuntime, _ state: StateFolder, _ identity: ControllerIdentity?,
    for command: String?
  ) -> any Routing {
    if let simulated = runtime as? SimulatedRuntime { return simulated }
    // Without an identity nothing was ever started here.
    guard let identity else { return NoRouting() }
    return HAProxyRouter(
      routerFolder(state, identity), pages: state.path + "/pages", stateFolder: state.path,
      collects: command == "serve", clock: WallClock.now)
  }

  /// Leaves a router to itself: it goes on, and nobody takes down its requests.
  static func leave(_ router: any Routing) async {
    await (router as? HAProxyRouter)?.stopCollecting()
  }

  /// Where the router of a state directory keeps its files.
  static func routerFolder(_ state: StateFolder, _ identity: ControllerIdentity) -> RouterFolder {
    RouterFolder(
      state: state.path + "/router", run: "/run/muster/\(identity.shortID)/router")
  }

  /// The folder of mirrors in a state directory.
  static func mirrorFolder(_ state: StateFolder) -> String { state.path + "/mirrors" }

  /// Whoever keeps something on the disk of a state directory.
  static func keepers(
    _ runtime: any ContainerRuntime, _ state: StateFolder
  ) -> [any DiskKeeping] {
    let others: Set<String> = [
      "stacks", "slugs", "instances", "logs", "mirrors", "router", "tls", "pages",
    ]
    return [runtime, GitMirrors(folder: mirrorFolder(state)), state.disk(apart: others)]
  }

  /// Names of the mirrors of repositories.
  static func mirrors(of repositories: Set<String>) -> Set<String> {
    let names = repositories.map { repository in
      (try? GitAddress(repository, relativeTo: currentFolder)).flatMap(GitMirrors.name)
    }
    return Set(names.compactMap { $0 })
  }

  /// The controllers that left records of dynos in a state directory, by short id, with how many.
  static func controllers(inState path: String) throws(EffectFailure) -> [String: Int] {
    try EmbeddedRuntime.controllers(stateFolder: path)
  }

  /// What a runtime needs of this machine, and whether it is there.
  static func examine(_ kind: RuntimeKind, _ settings: Settings) async -> [MachineCheck] {
    switch kind {
    case .simulated:
      let folder = absolute(settings.state)
      do throws(EffectFailure) {
        _ = try await SimulatedRuntime(stateFolder: folder, clock: WallClock.now).inventory()
        let words = MachineCheck.Finding.found("needs nothing of the machine")
        return [MachineCheck("runtime", "simulated runtime", words)]
      } catch {
        let fix = error.fix ?? "name another state directory with --state DIR"
        return [MachineCheck("runtime", "simulated runtime", .missing(error.message, fix: fix))]
      }
    case .embedded:
      do throws(EffectFailure) {
        let runtime = try EmbeddedRuntime(
          controller: "unborn", stateFolder: absolute(settings.state))
        return await runtime.diagnose().map(MachineCheck.init) + [router(settings)]
      } catch {
        let fix = error.fix ?? "name another state directory with --state DIR"
        return [MachineCheck("runtime", "embedded runtime", .missing(error.message, fix: fix))]
      }
    }
  }

  private static func router(_ settings: Settings) -> MachineCheck {
    let finding: MachineCheck.Finding =
      if settings.router == nil {
        .found("switched off")
      } else if let program = HAProxyRouter.program {
        .found(program)
      } else {
        .lacking(
          "HAProxy is not installed, so web dynos get no requests", fix: "apt-get install haproxy")
      }
    return MachineCheck("router", "router", finding)
  }

  /// A path made absolute, from the current folder, without `.`, `..` and a slash at its end. Links
  /// are not followed.
  static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    let whole = path.hasPrefix("/") ? path : "\(currentFolder)/\(path)"
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// Gives the machine back what dynos share there (firewall, addresses, groups) when none is left.
  static func leaveUnused(_ runtime: any ContainerRuntime) async {
    // In use is the usual answer; anything else that stays is found again by the next start.
    _ = await (runtime as? EmbeddedRuntime)?.tearDown()
  }

  /// The folder that relative paths are relative to.
  static var currentFolder: String { Surroundings.current.folder }
}

extension MachineCheck {
  /// A finding of the embedded runtime.
  fileprivate init(_ finding: MachineFinding) {
    let fix = finding.fix ?? "nothing is known to help"
    let words: Finding =
      switch finding.state {
      case .ok: .found(finding.detail)
      case .degraded: .lacking(finding.detail, fix: fix)
      case .missing: .missing(finding.detail, fix: fix)
      }
    self.init(finding.name.replacing(" ", with: "-"), finding.name, words)
  }
}
