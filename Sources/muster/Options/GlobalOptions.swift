// The options every command takes; each as an environment variable too.

import ArgumentParser
import Foundation
import Review

/// How a command prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// The runtimes that this version has.
enum RuntimeKind: String, ExpressibleByArgument, CaseIterable {
  case embedded, simulated
}

/// Options of every command, so that one line of them does for all; a command that needs no machine
/// makes no use of some.
struct CommonOptions: ParsableArguments {
  @Option(
    help: .init(
      "The repository of manifests: a path, or a file, https or ssh URL. "
        + "Default: the enclosing repository. [MUSTER_REPO]", valueName: "path|url"))
  var repo: String?

  @Option(help: "The branch, tag or commit to take. Default: the default branch. [MUSTER_REF]")
  var ref: String?

  @Option(help: "The environment whose settings are merged. [MUSTER_ENVIRONMENT]")
  var environment: String?

  @Option(help: "What runs the dynos. Default: embedded. [MUSTER_RUNTIME]")
  var runtime: RuntimeKind?

  @Option(help: "The state directory. Default: /var/lib/muster. [MUSTER_STATE]")
  var state: String?

  @Option(
    help: .init(
      "Where the router listens, or off. Default: 127.0.0.1:8080, or the port that "
        + "platform.yaml names. [MUSTER_ROUTER]", valueName: "address:port"))
  var router: String?

  @Option(
    help: .init(
      "Run the command on another machine, through ssh.", valueName: "ssh://user@host"))
  var on: String?

  @Flag(name: .shortAndLong, help: "Say more: steps that only keep house, causes of failures.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "Say nothing but what was asked for.")
  var quiet = false

  /// The options with environment variables, the server's file and defaults filled in. `format` is
  /// the command's own; commands with forms of their own read it with `Settings.format`.
  func settings(format: OutputFormat? = .text) throws -> Settings {
    let told = Settings.Told(
      repository: repo, ref: ref, environment: environment, runtime: runtime, state: state,
      router: router, format: format, isVerbose: verbose, isQuiet: quiet)
    return try Settings(told, environment: Surroundings.current.environment)
  }
}

/// Options of every command that looks at a live platform.
struct GlobalOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions

  @Option(help: "How to print: text for people, json for programs. [MUSTER_FORMAT]")
  var format: OutputFormat?

  /// The options with environment variables, the server's file and defaults filled in.
  func settings() throws -> Settings { try common.settings(format: format) }
}
