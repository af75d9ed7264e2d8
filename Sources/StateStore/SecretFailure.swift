// Secrets that cannot be read, in words. No word of what a file holds.

import FormationModel

/// Failures of secrets.
enum SecretFailure {
  /// Its file is gone.
  static func lost(_ secret: SecretSubject, _ path: String) -> EffectFailure {
    EffectFailure(
      "secret-lost", "\(name(secret)) is gone: \(path)", fix: fix(secret),
      retry: .whenMachineIsMended)
  }

  /// Its file is not as it was written.
  static func damaged(_ secret: SecretSubject, _ path: String) -> EffectFailure {
    EffectFailure(
      "secret-unreadable", "\(name(secret)) is damaged: \(path)", fix: fix(secret),
      retry: .whenMachineIsMended)
  }

  private static func name(_ secret: SecretSubject) -> String {
    switch secret {
    case .generated(let id): "the generated secret \(id.key) of \(id.app)"
    case .stored(let name, let app?): "the secret \(name) of \(app)"
    case .stored(let name, nil): "the platform's secret \(name)"
    }
  }

  private static func fix(_ secret: SecretSubject) -> String {
    switch secret {
    case .generated(let id):
      "put the file back from a backup, or `muster secrets rotate \(id.app) \(id.key)` to have "
        + "another one made"
    case .stored(let name, let app?):
      "put the file back from a backup, or `muster secrets set \(app) \(name)`"
    case .stored(let name, nil):
      "put the file back from a backup, or `muster secrets set \(name)`"
    }
  }
}
