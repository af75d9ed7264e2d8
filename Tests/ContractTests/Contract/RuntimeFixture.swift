// What the contract needs of a runtime under test: the runtime, commands that behave in a known
// way, and a second look at the same world.

import Effects
import FormationModel

/// How a dyno of a test behaves once it is started.
enum DynoBehaviour {
  /// Runs until it is asked to stop, and then ends.
  case runs
  /// Runs, and goes on running when it is asked to stop.
  case ignoresStop
  /// Ends by itself with this exit code.
  case exits(Int)
}

/// A runtime under test, in a world of its own.
protocol RuntimeFixture: Sendable {
  /// The runtime.
  var runtime: any ContainerRuntime { get }
  /// Whether commands are really run: their output, environment and files can be tested then.
  var runsCommands: Bool { get }
  /// A stack that the runtime can prepare.
  var stack: StackReference { get }

  /// The command of a dyno that behaves so.
  func command(_ behaviour: DynoBehaviour) -> String
  /// Waits until a started dyno's command behaves as it was said to.
  func settle(_ id: InstanceID) async throws
  /// Another runtime object over the same world, as after a restart of Muster.
  func reopened() throws -> any ContainerRuntime
  /// Lets the world go on for a moment, where it does not by itself.
  func advance() async
  /// Removes everything that the test made.
  func tearDown() async
}

extension RuntimeFixture {
  /// Real worlds go on by themselves.
  func advance() async {}
  /// Where commands are not run there is nothing to wait for.
  func settle(_ id: InstanceID) async throws {}
}
