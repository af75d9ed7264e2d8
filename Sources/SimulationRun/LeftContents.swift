// What apps were taken back from, noted from what reaches the store and by no code of Muster's own.

import FormationModel

/// Contents that must not come back by themselves.
struct LeftContents {
  private var contents: [AppName: [Int: ReleaseContent]] = [:]
  private var newest: [AppName: Int] = [:]
  private var left: [AppName: [ReleaseContent]] = [:]

  /// Whether the app was taken back from the content.
  func holds(_ content: ReleaseContent, of app: AppName) -> Bool {
    left[app]?.contains { $0.isSameByHand(as: content) } ?? false
  }

  /// Takes note of a change that reaches the store.
  mutating func note(_ change: MemoryChange) {
    switch change {
    case .record(let app, let release):
      contents[app, default: [:]][release.number] = release.content
      if release.phase == nil { newest[app] = release.number }
    case .phase(let app, let number, .live, _): newest[app] = number
    case .phase(let app, let number, .failed, _):
      guard let content = contents[app]?[number] else { return }
      leave(content, of: app)
    case .phase(let app, let number, .succeeded, _):
      // What was taken for lost turned up.
      guard let content = contents[app]?[number] else { return }
      left[app]?.removeAll { $0 == content }
    case .phase: break
    case .turnBack(let app, let number, _, _): turn(app, to: number)
    case .forget(let app), .depart(let app, _, _): left[app] = nil
    case .order(let order): note(order.wish)
    case .postdeploy, .oneOff, .accept, .attempt, .converged, .takeOver, .takeOverSources, .confirm,
      .withdraw, .mark,
      .unmark, .lost, .endOverride:
      break
    }
  }

  private mutating func note(_ wish: Wish) {
    switch wish {
    case .rollback(let app, let number?): turn(app, to: number)
    case .retry(let app): left[app] = nil
    case .resume(.apps(let apps)): for app in apps { left[app] = nil }
    case .resume(.all): left = [:]
    case .rollback, .scale, .stop, .start, .restart, .suspend, .maintenance, .undo, .run,
      .confirm:
      break
    }
  }

  private mutating func turn(_ app: AppName, to number: Int) {
    guard let current = newest[app].flatMap({ contents[app]?[$0] }),
      let target = contents[app]?[number]
    else { return }
    left[app]?.removeAll { $0.isSameByHand(as: target) }
    if !current.isSameByHand(as: target) { leave(current, of: app) }
  }

  private mutating func leave(_ content: ReleaseContent, of app: AppName) {
    left[app]?.removeAll { $0.isSameByHand(as: content) }
    left[app, default: []].append(content)
    // Muster lets go of the oldest.
    if left[app]?.count ?? 0 > Overrides.heldContentLimit { left[app]?.removeFirst() }
  }
}
