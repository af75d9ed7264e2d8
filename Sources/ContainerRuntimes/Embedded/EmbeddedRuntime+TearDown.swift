// Leaving a machine: when no instance is left, everything that was shared between them goes too.

import ChildProcesses
package import FormationModel
import Glibc

extension EmbeddedRuntime {
  /// Removes the firewall's chains, the claim of addresses and the folders in /run and the cgroup
  /// tree, when no instance is left; fails with `in-use` when one is. The state folder stays, and
  /// so does forwarding, which others may rely on by now. May be called again and at any time.
  package func tearDown() async -> Outcome {
    await effects.run {
      Outcome { () throws(EffectFailure) in
        let (records, unreadable) = try self.scan()
        guard records.isEmpty, unreadable.isEmpty else {
          throw EffectFailure(
            "in-use", "\(records.count + unreadable.count) instances are left",
            fix: "remove them first", retry: .afterObserving)
        }
        // Nothing was ever started since the machine was: nothing to take down.
        guard Files.exists(self.places.run) else { return }
        let machinery = try self.machinery()
        try machinery.firewall.remove()
        machinery.forgetFirewall()
        try machinery.claim.release()
        _ = self.cgroups.remove(self.places.cgroup)
        try Files.removeTree(self.places.run)
        rmdir(Files.parent(of: self.places.run))
        self.forgetMachinery()
      }
    }
  }
}
