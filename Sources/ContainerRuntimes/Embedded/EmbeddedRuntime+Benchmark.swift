// What a benchmark needs: the very bundles that this runtime would start, for a baseline to start.

import ChildProcesses
package import FormationModel

extension EmbeddedRuntime {
  /// Writes the bundle of each spec, as `start` would, to `folder/1`, `folder/2`, …, each with a
  /// line `ADDRESS GATEWAY` in the file `network`. Starts and records nothing. Stack and slug must
  /// be ready.
  package func exportBundles(_ specs: [InstanceSpec], into folder: String) async -> Outcome {
    await effects.run {
      Outcome { () throws(EffectFailure) in
        let launch = self.launch(try self.machinery())
        for (number, spec) in specs.enumerated() {
          try launch.export(spec, to: "\(folder)/\(number + 1)")
        }
      }
    }
  }
}
