// Operations that may take minutes, and hold nobody else up meanwhile.

import FormationModel
import Planning

extension Operation {
  /// Whether it waits for somebody to connect.
  var waitsForSession: Bool {
    if case .start(let spec) = self { spec.session != nil } else { false }
  }

  /// Whether it makes content ready, which may take minutes.
  var isPreparation: Bool {
    switch self {
    case .prepareStack, .prepareSlug: true
    case .remember, .generateSecrets, .start, .stop, .kill, .remove, .openRouter, .route: false
    }
  }
}
