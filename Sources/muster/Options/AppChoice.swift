// The one app that a command is about, among those there are.

import FormationModel
import Review

enum AppChoice {
  /// The app of that name, or the only one there is. `unseen` is what it means that there is none.
  static func choose(
    _ name: String?, among apps: [AppName], unseen: ExitStatus = .no
  ) throws -> AppName {
    let known = apps.map(\.rawValue).joined(separator: ", ")
    guard let name else {
      if apps.count == 1 { return apps[0] }
      throw CommandFailure(
        .usage, "which app?", fix: known.isEmpty ? "there is none yet" : "one of: \(known)")
    }
    guard let app = apps.first(where: { $0.rawValue == name }) else {
      throw CommandFailure(
        unseen, "there is no app \(name.escapingControls)",
        fix: known.isEmpty ? nil : "there are: \(known)")
    }
    return app
  }
}
