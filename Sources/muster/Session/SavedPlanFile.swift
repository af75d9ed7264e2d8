// A saved plan on disk: written by `plan --out`, carried out by `reconcile FILE`.

import ControlLoop
import Effects
import FormationModel
import Foundation
import Looping
import Planning
import Review
import Server
import StateStore

/// The file of a saved plan.
struct SavedPlanFile {
  let path: String

  init(path: String) { self.path = Composition.absolute(path) }

  /// SHA-256 in hexadecimal.
  private static func digest(_ text: String) -> String { KeylessDigests().digest(text).rawValue }

  /// Saves a plan, readable by its owner alone. A plan that knows only half of the world is not
  /// saved.
  func write(_ result: RunResult, _ session: PlatformSession, only: Set<AppName>?) async throws {
    guard let plan = result.plan, result.sourceProblem == nil, result.verdict != .unknown else {
      throw CommandFailure(.unknown, "the plan was not saved: it could not be made in full")
    }
    let saved = SavedPlan(plan, basis: await session.basis(of: plan, only: only))
    let text = saved.document(Self.digest).document
    do {
      _ = try await Surroundings.current.console.ask(.save(path: path, Data(text.utf8)))
    } catch let failure as ControlFailure {
      throw CommandFailure(failure)
    }
    if !session.settings.isQuiet {
      let first = Surroundings.current.daemon == nil ? "" : "stop `muster serve`, then "
      Terminal.complain("Saved to \(path). To carry it out: \(first)muster reconcile \(path)")
    }
  }

  /// Reads it, and refuses what is no whole saved plan of this version.
  func read() async throws -> SavedPlan {
    let data: Data
    do {
      // One byte more than what is read anyway tells that it is too large.
      let question = CallerQuestion.file(path: path, limit: (8 << 20) + 1)
      data = try await Surroundings.current.console.ask(question)
    } catch let failure as ControlFailure {
      throw CommandFailure(failure)
    }
    do throws(SavedPlan.Unreadable) {
      return try SavedPlan.read(Array(data), digest: Self.digest)
    } catch {
      throw CommandFailure(
        .unknown, "\(path) cannot be carried out: \(error.message)",
        fix: "make a new one: muster plan --out \(path)")
    }
  }

  /// Refuses a plan that is not what would be planned now, with what differs.
  func check(_ saved: SavedPlan, in session: PlatformSession) async throws {
    let only = saved.basis.only.map(Set.init)
    let result = await session.plan(only: only)
    if let problem = result.sourceProblem { throw CommandFailure(problem) }
    guard let plan = result.plan, result.verdict != .unknown else {
      throw CommandFailure(.unknown, "nothing could be seen, so nothing was done")
    }
    let now = SavedPlan(plan, basis: await session.basis(of: plan, only: only))
    let differences = saved.differences(from: now)
    guard !differences.isEmpty else { return }
    let list = differences.map { "\n  - \($0.escapingControls)" }.joined()
    throw CommandFailure(
      .no, "\(path) is out of date; nothing was done:\(list)",
      fix: "look at a new plan, then carry that out: muster plan --out \(path)")
  }
}

extension PlatformSession {
  /// What a plan was made from.
  func basis(of plan: Plan, only: Set<AppName>?) async -> SavedPlan.Basis {
    let digests = seams.digests
    func keyed(_ text: String) -> String { digests.fingerprint(ConfigValue(text)) }
    return SavedPlan.Basis(
      revision: plan.revision, controller: controller,
      binding: KeylessDigests().digest(binding.canonical).rawValue,
      memory: keyed(memory.canonical), observation: keyed(await runtime.observe().canonical),
      only: only?.sorted())
  }
}

extension Memory {
  /// What a plan may depend on, as one text: the same for the same memory.
  fileprivate var canonical: String {
    let parts = apps.sorted { $0.key < $1.key }.map { name, app in
      let releases = app.releases.map { "v\($0.number) \($0.content.digest)" }
      let attempts = app.attempts.sorted { $0.key < $1.key }.map {
        "\($0.key.dynoName) \($0.value)"
      }
      let converged = app.convergence.map { "v\($0.release) \($0.revision)" } ?? ""
      return "\(name) \(app.acceptedRevision?.rawValue ?? "") \(releases) \(attempts) \(converged)"
    }
    return "\(parts) \(confirmed.sorted()) \(revision?.rawValue ?? "") \(secrets.count)"
  }
}

extension Observation {
  /// Which instances there are and where each stands, as one text.
  fileprivate var canonical: String {
    switch self {
    case .complete(let formation): "complete \(formation.canonical)"
    case .partial(let formation, let missing): "partial \(formation.canonical) \(missing)"
    case .unavailable: "unavailable"
    }
  }
}

extension ObservedFormation {
  fileprivate var canonical: String {
    let running = instances.map { "\($0.id) \($0.phase)" }
    return
      "\(running) \(slugs.sorted()) \(stacks.sorted()) \(unproven.map { "\($0.id)" }) \(strangers)"
  }
}
