// Every limit of Muster in one file: what grows has a bound, and the bound has a name.

/// The limits, with the defaults that ship.
package struct Limits: Hashable, Codable, Sendable {
  /// Bytes of one manifest file.
  package var manifestBytes = 1 << 20
  /// Bytes of all manifest files of one revision.
  package var manifestBytesTotal = 16 << 20
  /// Apps of one repository.
  package var apps = 5_000
  /// Dynos of one app. Heroku: 100.
  package var dynosPerApp = 100
  /// Bytes of an app's config vars together. Heroku: 64 kB.
  package var configBytes = 64 << 10
  /// Bytes of one secret: not more than all config vars of an app.
  package var secretBytes = 64 << 10
  /// Bytes of a file of secrets to import.
  package var secretImportBytes = 1 << 20
  /// Secrets of one app, or of the platform, in the host's store.
  package var secretsPerOwner = 1_000
  /// Diagnostics of one file; further ones are counted only.
  package var diagnosticsPerFile = 100
  /// Files of one slug.
  package var slugFiles = 100_000
  /// Bytes of one slug. Heroku: 1 GB compressed.
  package var slugBytes: Int64 = 2 << 30
  /// Depth of folders in a slug.
  package var slugDepth = 64
  /// Steps of one batch; after it the world is observed again.
  package var batchSteps = 64
  /// Effects performed at once on one machine.
  package var concurrentEffects = 4
  /// Commits walked for the provenance of a step.
  package var provenanceCommits = 2_000
  /// Bytes of one commit object of the repository.
  package var commitBytes = 1 << 20
  /// Bytes of one tree object of the repository.
  package var treeBytes = 16 << 20
  /// Entries of trees kept in memory between two readings.
  package var treeEntriesKept = 500_000
  /// Bytes that a `git` child may print.
  package var gitOutputBytes = 16 << 20
  /// Lines of output in one answer.
  package var logLines = 100_000
  /// Removed instances of a slot whose output is kept.
  package var previousLogs = 2
  /// Release commands of an app whose output is kept.
  package var releaseLogs = 10
  /// Remote repositories asked at the same time.
  package var concurrentFetches = 8
  /// Events kept in the store.
  package var events = 50_000

  /// Makes the default limits.
  package init() {}
}
