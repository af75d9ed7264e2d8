// Reads the whole formation of one tree: finds the apps, parses and merges their files, validates,
// and collects every problem. The only door into this module.

package import FormationModel

/// What to read.
package struct ReadingOptions: Hashable, Sendable {
  /// The environment whose `environments.X` are merged; nil for none.
  package var environment: String?
  /// What nothing may exceed.
  package var limits = Limits()

  /// Makes options.
  package init(environment: String? = nil) { self.environment = environment }
}
