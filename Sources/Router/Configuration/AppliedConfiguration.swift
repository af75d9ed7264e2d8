// What a process was loaded with and cannot be asked: kept beside its configuration, so that a
// Muster that finds the process running knows it.

import Crypto
import FormationModel
import Foundation
import Glibc

/// What cannot be asked.
struct AppliedConfiguration: Hashable, Codable, Sendable {
  let entry: RouterEntry
  /// Of every app that the process has a backend for.
  let settings: [AppName: RoutingSettings]
  /// Of the certificates and pages that it was loaded with.
  let digest: String

  /// Reads what is beside a configuration; nil when it is not there, or of another Muster.
  init?(_ generation: Generation) {
    guard let bytes = RouterFiles.read(generation.applied, limit: 32 << 20),
      let applied = try? JSONDecoder().decode(Self.self, from: Data(bytes))
    else { return nil }
    self = applied
  }

  init(entry: RouterEntry, apps: [AppName: AppRoutes], digest: String) {
    self.entry = entry
    settings = apps.mapValues(\.settings)
    self.digest = digest
  }

  /// Writes it.
  func write(_ generation: Generation) throws(EffectFailure) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(self) else { return }
    try RouterFiles.write(generation.applied, data)
  }
}

/// Folders whose content is loaded, and that others write to.
struct LoadedFolders: Sendable {
  /// The folder of certificates; nil when there is none in it.
  let certificates: String?
  /// Differs when a file came, went or was written.
  let digest: String

  /// Looks at the folders. What is no certificate of its own (keys, chains, OCSP answers) does not
  /// make HTTPS.
  init(certificates: String, pages: String?) {
    let parts = ["issuer", "key", "ocsp", "sctl", "dh"]
    let names = RouterFiles.names(in: certificates).filter { !$0.hasPrefix(".") }
    let whole = names.filter { name in
      !parts.contains { name.hasSuffix(".\($0)") }
    }
    self.certificates = whole.isEmpty ? nil : certificates
    var hash = SHA256()
    let files = names.map { "\(certificates)/\($0)" }
    let own = pages.map { folder in RouterPages.all.map { "\(folder)/\($0.name).html" } } ?? []
    for path in files + own {
      var status = stat()
      guard stat(path, &status) == 0 else { continue }
      let facts = [
        Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec, Int(status.st_ino),
      ]
      hash.update(data: Array("\(path) \(facts)\n".utf8))
    }
    digest = Data(hash.finalize()).base64EncodedString()
  }
}
