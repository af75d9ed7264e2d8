// Operations that may take minutes, and hold nobody else up meanwhile.

import Planning

extension Operation {
  /// Whether it makes content ready, which may take minutes.
  var isPreparation: Bool {
    switch self {
    case .prepareStack, .prepareSlug: true
    case .remember, .generateSecrets, .start, .stop, .kill, .remove, .openRouter, .route: false
    }
  }
}
