// Words for the log of a simulation.

import FormationModel
import Looping
import Planning

/// Words what happens in a simulation.
enum Narration {
  static func of(_ event: LoopEvent) -> String {
    switch event {
    case .woken: "woken"
    case .runtimeChanged: "hint"
    case .timerFired: "timer"
    case .memoryRead: "memory"
    case .memoryUnreadable(let failure): "memory: \(failure.code)"
    case .sourceRead(let formation): "commit \(formation.revision?.id.short ?? "none")"
    case .sourceFailed(let failure): "source: \(failure.code)"
    case .observed(let observation): of(observation)
    case .effectEnded(let number, let outcome): "effect \(number) \(of(outcome))"
    case .probed(let id, let result): "\(id) \(result)"
    case .ordered(let order): "\(order.reason ?? "order"): \(of(order.wish))"
    }
  }

  static func of(_ effect: LoopEffect) -> String {
    switch effect {
    case .readMemory: "read memory"
    case .readSource: "read the source"
    case .observe: "observe"
    case .write(_, let changes): "write " + changes.map(of).joined(separator: ", ")
    case .perform(_, let step): "\(of(step.operation)) (\(step.reason.code))"
    case .probe(let instance, _): "probe \(instance.id)"
    case .wake(let time): "wake at \(SimulationLog.clock(time))"
    case .answer(_, let outcome): "answer \(of(outcome))"
    case .report(let plan): of(plan)
    case .finish(let verdict): "finish \(verdict.rawValue)"
    }
  }

  static func of(_ operation: Operation) -> String {
    switch operation {
    case .remember(let changes): "remember " + changes.map(of).joined(separator: ", ")
    case .generateSecrets(let secrets):
      "generate " + secrets.map { "\($0.app) \($0.key)" }.joined(separator: ", ")
    case .prepareStack(let stack): "prepare stack \(stack.stack.name)"
    case .prepareSlug(let slug): "prepare slug \(slug.digest.short)"
    case .start(let spec): "start \(spec.id)"
    case .stop(let id, _): "stop \(id)"
    case .kill(let id): "kill \(id)"
    case .remove(let id): "remove \(id)"
    case .openRouter(let table): "open router " + of(table)
    case .route(let app, let routes): "route \(app) " + (routes.map(of) ?? "nowhere")
    }
  }

  static func of(_ table: RouteTable) -> String {
    table.apps.sorted { $0.key < $1.key }.map { "\($0.key) \(of($0.value))" }
      .joined(separator: "; ")
  }

  private static func of(_ routes: AppRoutes) -> String {
    let servers = routes.servers.map { "\($0.id)\($0.isDraining ? " drains" : "")" }
    return servers.isEmpty ? routes.absence.rawValue : servers.joined(separator: ", ")
  }

  static func of(_ change: MemoryChange) -> String {
    switch change {
    case .accept(let app, let revision): "accept \(app.name) of \(revision.short)"
    case .record(let app, let release): "record \(app) v\(release.number)"
    case .attempt(let slot, let attempt):
      "attempt \(attempt) of \(slot.app?.rawValue ?? "").\(slot.dynoName)"
    case .converged(let app, let convergence): "converged \(app) v\(convergence.release)"
    case .takeOver(let revision, _): "take over \(revision.short)"
    case .takeOverSources(let revisions): "take over \(revisions.count) other sources"
    case .forget(let app): "forget \(app)"
    case .depart(let app, _, _): "let \(app) go"
    case .confirm(let hold): "confirm \(hold)"
    case .withdraw(let hold): "withdraw \(hold)"
    case .mark(let subject, let since): "\(subject) is \(since.state)"
    case .unmark(let subject): "\(subject) is no more"
    case .lost: "memory was lost"
    case .order(let order): "\(order.reason ?? "order"): \(of(order.wish))"
    case .turnBack(let app, let release, _, _): "turn \(app) back to v\(release)"
    case .phase(let app, let release, let phase, _):
      "release command of \(app) v\(release): \(phase)"
    case .oneOff(let app, let number, let phase): "run.\(number) of \(app): \(phase)"
    case .postdeploy(let app, let state): "postdeploy of \(app) v\(state.release): \(state.phase)"
    case .endOverride(let app, let end): "end override of \(app): \(end.cause.rawValue)"
    }
  }

  static func of(_ wish: Wish) -> String {
    switch wish {
    case .scale(let app, let wishes, let until):
      "scale \(app) "
        + wishes.map { "\($0.type)=\($0.quantity ?? -1):\($0.size?.rawValue ?? "")" }
        .joined(separator: " ") + (until.map { " until \(SimulationLog.clock($0))" } ?? "")
    case .stop(let target): "stop \(target)"
    case .start(let target): "start \(target)"
    case .restart(let target): "restart \(target)"
    case .suspend(let apps, let suspension): "suspend \(of(apps)) \(suspension.rawValue)"
    case .resume(let apps): "resume \(of(apps))"
    case .maintenance(let app, let isOn): "maintenance \(app) \(isOn)"
    case .retry(let app): "retry \(app)"
    case .rollback(let app, let release): "rollback \(app) to v\(release ?? 0)"
    case .undo: "undo"
    case .run(let app, let request): "run `\(request.command)` of \(app)"
    case .confirm(let hold): "confirm \(hold)"
    }
  }

  private static func of(_ apps: AppSelection) -> String {
    switch apps {
    case .all: "all"
    case .apps(let names): names.map(\.rawValue).joined(separator: " ")
    }
  }

  static func of(_ outcome: Outcome) -> String {
    switch outcome {
    case .done: "done"
    case .failed(let failure): "failed: \(failure.code), retry \(failure.retry.rawValue)"
    }
  }

  static func of(_ observation: Observation) -> String {
    switch observation {
    case .complete(let formation): "sees \(of(formation))"
    case .partial(let formation, _): "sees in part \(of(formation))"
    case .unavailable: "sees nothing"
    }
  }

  static func of(_ formation: ObservedFormation) -> String {
    let words = formation.instances.map { "\($0.id) \(of($0.phase))" }
    return words.isEmpty ? "no instance" : words.joined(separator: ", ")
  }

  static func of(_ phase: InstancePhase) -> String {
    switch phase {
    case .created: "created"
    case .running: "running"
    case .stopping: "stopping"
    case .exited(let exit): "exited \(exit.code.map(String.init) ?? "?")"
    case .unsupervised: "unsupervised"
    }
  }

  static func of(_ plan: Plan) -> String {
    let apps = plan.apps.map { part in
      "\(part.app) \(part.sync.value.rawValue) \(part.health.value.rawValue)"
        + " changes \(part.changes.count) next \(part.next.count) waits \(part.waits.count)"
    }
    let holds = plan.holds.map { "hold \($0.id)" }
    return "plan: " + (apps + holds).joined(separator: "; ")
  }
}
