// The names that HAProxy has for what the model names: backends for apps, servers for instances,
// and one word for what an app's visitors get while no dyno takes them.

import FormationModel

extension AppName {
  /// Keeps an app called as one of our own sections apart from it.
  static let backendPrefix = "app."

  /// The app's backend.
  var backend: String { "\(Self.backendPrefix)\(rawValue)" }

  /// The app of a backend; nil when it is none of an app.
  init?(backend: some StringProtocol) {
    guard backend.hasPrefix(Self.backendPrefix) else { return nil }
    self.init(rawValue: String(backend.dropFirst(Self.backendPrefix.count)))
  }
}

/// What visitors of an app get while no dyno takes them, or whatever runs: a value of the map of
/// states, `crashed` or `maintenance-crashed`.
struct RouteState: Hashable, Sendable {
  var absence: RouteAbsence
  var isInMaintenance: Bool

  private static let maintenance = "maintenance-"

  init(_ routes: AppRoutes) {
    absence = routes.absence
    isInMaintenance = routes.isInMaintenance
  }

  /// Reads a value; nil when it is none of ours.
  init?(_ word: some StringProtocol) {
    isInMaintenance = word.hasPrefix(Self.maintenance)
    let rest = isInMaintenance ? String(word.dropFirst(Self.maintenance.count)) : String(word)
    guard let absence = RouteAbsence(rawValue: rest) else { return nil }
    self.absence = absence
  }

  var word: String { (isInMaintenance ? Self.maintenance : "") + absence.rawValue }
}

extension RouteAbsence {
  /// Heroku's code.
  var code: String {
    switch self {
    case .booting: "H20"
    case .crashed: "H10"
    case .none: "H14"
    case .blank: "H81"
    }
  }
}
