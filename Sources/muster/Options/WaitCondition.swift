// What `muster wait` waits for, and whether it is so.

import FormationModel
import Planning

/// Something that one can wait for.
enum WaitCondition: Hashable {
  case converged, healthy, suspended
  case revision(String)
  case release(Int)

  /// How it stands.
  enum Verdict: Hashable {
    case met
    /// Not now, for this reason.
    case notYet(String)
    /// Not ever, for this reason.
    case impossible(String)
  }

  /// Reads `converged`, `healthy`, `suspended`, `revision=SHA` (at least 7 digits), `release=vN`;
  /// nil for anything else.
  init?(_ text: String) {
    switch text {
    case "converged": self = .converged
    case "healthy": self = .healthy
    case "suspended": self = .suspended
    default:
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      switch parts[0] {
      case "revision":
        guard (7...64).contains(parts[1].count), parts[1].allSatisfy(\.isHexDigit) else {
          return nil
        }
        self = .revision(parts[1].lowercased())
      case "release":
        let digits = parts[1].hasPrefix("v") ? String(parts[1].dropFirst()) : parts[1]
        guard let number = Int(digits), number > 0 else { return nil }
        self = .release(number)
      default: return nil
      }
    }
  }

  /// How it stands with these apps.
  func judge(_ apps: [AppPlan], of plan: Plan, _ memory: Memory) -> Verdict {
    for part in apps {
      let verdict = judge(part, of: plan, memory)
      if verdict != .met { return verdict }
    }
    return .met
  }

  private func judge(_ part: AppPlan, of plan: Plan, _ memory: Memory) -> Verdict {
    let held = plan.holds(concerning: part).map(\.id.rawValue).joined(separator: ", ")
    let status =
      "\(part.app) is \(part.sync.value.rawValue) and \(part.health.value.rawValue)"
      + (held.isEmpty ? "" : ", held by \(held)")
    switch self {
    case .converged: return part.isSettled ? .met : .notYet(status)
    case .healthy:
      return part.health.value == .healthy ? .met : .notYet(status)
    case .suspended:
      return part.isSuspended ? .met : .notYet(status)
    case .revision(let wanted):
      let accepted = memory.apps[part.app]?.acceptedRevision ?? memory.revision
      let isThere =
        accepted?.rawValue.hasPrefix(wanted) ?? false
        || plan.revision?.rawValue.hasPrefix(wanted) ?? false
      return isThere && part.isSettled ? .met : .notYet(status)
    case .release(let wanted):
      guard let current = memory.apps[part.app]?.currentRelease?.number else {
        return .notYet("\(status), no release yet")
      }
      if current > wanted {
        return .impossible("\(part.app) is at release v\(current) already")
      }
      return current == wanted && part.isSettled
        ? .met : .notYet("\(status), release v\(current)")
    }
  }
}

extension AppPlan {
  /// Whether a suspension is in force: the manifest's or one by hand, of deploys or of everything.
  fileprivate var isSuspended: Bool {
    health.value == .suspended
      || holds.contains { hold in
        switch hold.cause {
        case .suspended, .suspendedByHand: true
        case .notSupportedYet, .configMissing, .secretMissing, .secretLost, .removal, .source,
          .content, .unproven, .outsideSavedPlan, .contentHeld, .removalUndone, .window,
          .postdeployFailed, .diskLow, .capacityExceeded:
          false
        }
      }
  }

  /// Whether nothing is left to do, to wait for or to free.
  fileprivate var isSettled: Bool {
    changes.isEmpty && waits.isEmpty && holds.isEmpty && next.isEmpty && sync.value == .synced
  }
}
