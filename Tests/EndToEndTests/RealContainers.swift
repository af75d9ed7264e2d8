// The tests that make real containers, one after the other: they share a machine.

import Testing

/// Needs root, and something to run containers with.
@Suite(
  .serialized,
  .enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"),
  .enabled(if: PlatformFixture.hasContainers, "real containers need root, and crun or runc"))
enum RealContainers {}

/// The same, for platforms that measure no time and look at nothing but what is their own: as many
/// at once as there are processors.
@Suite(
  .enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"),
  .enabled(if: PlatformFixture.hasContainers, "real containers need root, and crun or runc"))
enum ContainersAtOnce {}
