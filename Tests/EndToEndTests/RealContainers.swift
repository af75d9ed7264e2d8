// The tests that make real containers, one after the other: they share a machine.

import Testing

/// Needs root, and something to run containers with.
@Suite(
  .serialized,
  .enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"),
  .enabled(if: PlatformFixture.hasContainers, "real containers need root, and crun or runc"))
enum RealContainers {}
