// Generated secrets, each in a file of its own that is written once. They outlive the database; a
// lost one is reported, never made anew.

import Effects
package import FormationModel
import Glibc

/// Makes and keeps generated secrets: `<folder>/<app>/<KEY>`, 64 hexadecimal characters each.
package actor GeneratedSecrets: SecretKeeping {
  private let folder: String
  private let executor = BlockingExecutor("muster.secrets")

  /// Runs on a queue of its own: it waits for the disk.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(folder: String) { self.folder = folder }

  /// Makes the secrets that are not there yet; those that are stay as they are.
  package func generate(_ secrets: [SecretID]) -> Outcome {
    do throws(SystemFailure) {
      for secret in secrets { try generate(secret) }
      return .done
    } catch {
      return .failed(error.effect)
    }
  }

  /// A secret's value. Throws `secret-lost` when its file is gone, `secret-unreadable` when it is
  /// damaged.
  package func value(of secret: SecretID) throws(EffectFailure) -> ConfigValue {
    let bytes: [UInt8]?
    do throws(SystemFailure) {
      bytes = try DurableFiles.read(path(secret), limit: 4096)
    } catch {
      throw error.effect
    }
    guard let bytes else { throw lost(secret) }
    guard bytes.count == 64, bytes.allSatisfy({ $0.isDigit || "abcdef".utf8.contains($0) }) else {
      throw damaged(secret)
    }
    return ConfigValue(String(decoding: bytes, as: UTF8.self))
  }

  /// Secrets whose files are there, sorted.
  package func all() throws(EffectFailure) -> [SecretID] { try Self.list(folder) }

  /// Gives an app's secrets to its new name. Secrets that the new name has already stay as they
  /// are,
  /// and then the old ones stay as well. Again: done.
  package func move(from old: AppName, to new: AppName) -> Outcome {
    guard old != new else { return .done }
    do throws(SystemFailure) {
      let (source, target) = ("\(folder)/\(old)", "\(folder)/\(new)")
      guard let names = try FolderListing.names(in: source) else { return .done }
      try DurableFiles.makeFolder(target)
      for name in names { try Self.give("\(source)/\(name)", to: "\(target)/\(name)") }
      try DurableFiles.sync(folder: target)
      for name in names where try Self.isSame("\(source)/\(name)", "\(target)/\(name)") {
        unlink("\(source)/\(name)")
      }
      rmdir(source)
      return .done
    } catch {
      return .failed(error.effect)
    }
  }

  /// Secrets whose files are in a folder; none when there is no such folder.
  static func list(_ folder: String) throws(EffectFailure) -> [SecretID] {
    do throws(SystemFailure) {
      var secrets: [SecretID] = []
      for app in (try FolderListing.names(in: folder) ?? []).compactMap(AppName.init(rawValue:)) {
        let names = try FolderListing.names(in: "\(folder)/\(app)") ?? []
        secrets += names.compactMap(ConfigKey.init(rawValue:)).map { SecretID(app: app, key: $0) }
      }
      return secrets.sorted()
    } catch {
      throw error.effect
    }
  }

  private func generate(_ secret: SecretID) throws(SystemFailure) {
    try DurableFiles.makeFolder(folder)
    try DurableFiles.makeFolder("\(folder)/\(secret.app)")
    FolderListing.sweep("\(folder)/\(secret.app)")
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    // It being there already is as good: whoever made it, it is the one that dynos got.
    _ = try DurableFiles.writeOnce(path(secret), Array(bytes.hexadecimal.utf8))
  }

  private func path(_ secret: SecretID) -> String { "\(folder)/\(secret.app)/\(secret.key)" }

  private static func give(_ source: String, to target: String) throws(SystemFailure) {
    guard link(source, target) == 0 || errno == EEXIST else {
      throw SystemFailure("move the secret", source)
    }
  }

  private static func isSame(_ one: String, _ other: String) throws(SystemFailure) -> Bool {
    var (first, second) = (stat(), stat())
    guard lstat(one, &first) == 0 else { throw SystemFailure("read", one) }
    guard lstat(other, &second) == 0 else { throw SystemFailure("read", other) }
    return first.st_ino == second.st_ino && first.st_dev == second.st_dev
  }

  private func lost(_ secret: SecretID) -> EffectFailure {
    EffectFailure(
      "secret-lost", "the generated secret \(secret.key) of \(secret.app) is gone: \(path(secret))",
      fix: "put the file back from a backup; Muster does not make another one by itself",
      retry: .whenMachineIsMended)
  }

  private func damaged(_ secret: SecretID) -> EffectFailure {
    EffectFailure(
      "secret-unreadable",
      "the generated secret \(secret.key) of \(secret.app) is damaged: \(path(secret))",
      fix: "put the file back from a backup; Muster does not make another one by itself",
      retry: .whenMachineIsMended)
  }
}
