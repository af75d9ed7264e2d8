// Words for holds: what waits for somebody, and what frees it.

package import FormationModel
package import Planning

/// Words for holds.
package enum HoldText {
  /// What is held and why, in one line, without a full stop; with a time, also in how long it ends.
  package static func words(_ hold: Hold, now: LoopTime? = nil) -> String {
    switch hold.cause {
    case .notSupportedYet(let fields): unsupported(fields)
    case .configMissing(let keys): "\(list(keys, "config var")) required and without a value"
    case .secretMissing(let names): "\(list(names, "secret")) not in this machine's store"
    case .secretLost(let keys, let stored): lost(keys, stored)
    case .removal(let removal): words(removal)
    case .source(_, let message, _), .content(_, let message, _): message
    case .suspended(.deploys): "the manifest suspends deploys; repair goes on"
    case .suspended(.everything): "the manifest suspends everything, repair too"
    case .suspended(.none): "the manifest suspends nothing"
    case .unproven(let instance):
      "\(instance.id.slot.dynoName) is not started beside what may be it: \(instance.story)"
    case .outsideSavedPlan(let excess):
      "\(excess) is not in the saved plan, so the app is left alone"
    case .suspendedByHand(let suspension): words(suspension)
    case .removalUndone(let origin):
      "git does not have it; its removal was undone \(OverrideText.words(origin))"
    case .contentHeld(let held): "git asks for what v\(held.release) was, \(words(held))"
    case .window(let closure): WindowText.words(closure, now: now)
    case .diskLow(let shortage):
      "a new release waits: \(BytesText.words(shortage.free)) of the disk are free, "
        + "\(BytesText.words(shortage.wanted)) have to be"
    case .capacityExceeded(let excess):
      "its dynos would be promised \(BytesText.words(excess.wanted)), all others have "
        + "\(BytesText.words(excess.others)); \(BytesText.words(excess.limit)) of the machine's "
        + "\(BytesText.words(excess.machine)) may be promised"
    case .postdeployFailed(let failure):
      "its postdeploy script \(ReleasePhaseText.words(failure)); the app runs"
    }
  }

  /// What has to be done first, where the hold's own release line does not say it; nil otherwise.
  package static func fix(_ hold: Hold) -> String? {
    switch hold.cause {
    case .source(_, _, let fix), .content(_, _, let fix): fix
    case .notSupportedYet, .configMissing, .secretMissing, .secretLost, .removal, .suspended,
      .suspendedByHand, .unproven, .outsideSavedPlan, .contentHeld, .removalUndone, .window,
      .postdeployFailed, .diskLow, .capacityExceeded:
      nil
    }
  }

  private static func words(_ byHand: SuspensionOverride) -> String {
    let what =
      byHand.suspension == .everything
      ? "everything is suspended, repair too" : "deploys are suspended"
    return "\(what), \(OverrideText.words(byHand.origin))"
  }

  /// `left for v3 by ada: checkout fails`.
  static func words(_ held: HeldContent) -> String {
    switch held.cause {
    case .rolledBack: "left\(target(held)) \(OverrideText.words(held.origin))"
    case .rolloutFailed(let slot, let failure):
      "left\(target(held)): \(slot.dynoName) \(words(failure))"
    case .releaseFailed(let failure): "whose release command \(ReleasePhaseText.words(failure))"
    }
  }

  private static func target(_ held: HeldContent) -> String {
    held.back.map { " for v\($0)" } ?? ""
  }

  /// `exited with 1, 3 times in a row`.
  package static func words(_ failure: RolloutFailure) -> String {
    switch failure {
    case .crashed(let exit, let count):
      ReasonText.words(.crashed(exit, count: count))
    case .bootTimeout(let result, let limit):
      ReasonText.words(.bootTimeout(result, limit: limit))
    }
  }

  private static func unsupported(_ fields: [UnsupportedField]) -> String {
    let named = fields.map { "\($0.feature) (\($0.field))" }.joined(separator: ", ")
    return "this version of Muster cannot do: \(named)"
  }

  private static func lost(_ keys: [ConfigKey], _ stored: [SecretName]) -> String {
    var parts: [String] = []
    if !keys.isEmpty {
      parts.append(
        "\(list(keys, "generated secret")) lost or damaged; Muster makes no other one by itself")
    }
    if !stored.isEmpty { parts.append("\(list(stored, "secret")) lost from this machine's store") }
    return parts.joined(separator: "; ")
  }

  private static func list(_ keys: [some TextValue], _ noun: String) -> String {
    let names = keys.map(\.rawValue).joined(separator: ", ")
    return keys.count == 1 ? "\(noun) \(names) is" : "\(noun)s \(names) are"
  }

  private static func words(_ removal: RemovalSummary) -> String {
    var parts: [String] = []
    if !removal.apps.isEmpty {
      let names = removal.apps.map(\.rawValue).joined(separator: ", ")
      parts.append("\(Count.of(removal.apps.count, "app")) (\(names))")
    }
    if !removal.processes.isEmpty {
      let names = removal.processes.joined(separator: ", ")
      parts.append("\(Count.of(removal.processes.count, "process type")) (\(names))")
    }
    let what = parts.isEmpty ? "dynos" : parts.joined(separator: " and ")
    return "\(what) would go, with \(removal.dynos) of \(Count.of(removal.total, "dyno")): "
      + "more than one commit may remove without consent"
  }
}

/// Numbers with their nouns.
enum Count {
  /// `1 app`, `2 apps`.
  static func of(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}
