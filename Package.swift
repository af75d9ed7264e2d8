// swift-tools-version: 6.2
// Layers as targets (docs/explanation/architecture.md). MUSTER_CORE=1 declares the pure layers and
// their tests alone, without any package to fetch: `./dev test core` builds in seconds.
// MUSTER_TARGETS=GitSourceTests,… declares those targets and what they need, for the same reason:
// `swift test --filter` would build every target first.
import PackageDescription

let coreOnly = Context.environment["MUSTER_CORE"] == "1"
let only = Context.environment["MUSTER_TARGETS"]?.split(separator: ",").map(String.init)

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func layer(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// For what computes long in tests: optimised in a debug build too.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// A layer that the simulator runs thousands of days through.
func simulatedLayer(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings + optimised)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let core: [Target] = [
  // Pure: values only.
  simulatedLayer("FormationModel"),
  layer("ManifestParsing", ["FormationModel", "YAMLReading"]),
  simulatedLayer("Planning", ["FormationModel"]),
  simulatedLayer("Looping", ["FormationModel", "Planning"]),
  // Reading.
  .systemLibrary(
    name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
  layer("YAMLReading", ["CLibYAML"]),
  // Seams, and the world in memory behind them.
  layer("Effects", ["FormationModel"]),
  simulatedLayer("SimulatedWorld", ["FormationModel", "Effects"]),
  simulatedLayer("SimulationRun", ["FormationModel", "Planning", "Looping", "SimulatedWorld"]),
  .executableTarget(
    name: "muster-seeds", dependencies: ["SimulationRun"], path: "Tests/Seeds",
    swiftSettings: settings),
]

let coreTests: [Target] = [
  .testTarget(name: "TidyTests", swiftSettings: settings + optimised),
  tests("FormationModelTests", ["FormationModel"]),
  tests("YAMLReadingTests", ["YAMLReading"]),
  tests("ManifestParsingTests", ["ManifestParsing", "FormationModel", "YAMLReading"]),
  tests("PlanningTests", ["Planning", "FormationModel"]),
  tests("LoopingTests", ["Looping", "Planning", "FormationModel"]),
  tests(
    "ConvergenceTests",
    ["SimulationRun", "SimulatedWorld", "Looping", "Planning", "FormationModel", "Effects"]),
]

let shell: [Target] = [
  // Driver.
  layer("ControlLoop", ["FormationModel", "Planning", "Looping", "Effects"]),
  // What adapters share of the machine.
  .target(name: "CLinux"),
  layer("ChildProcesses", ["FormationModel", "CLinux"]),
  // Adapters.
  .systemLibrary(
    name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
  layer(
    "GitSource",
    [
      "FormationModel", "ManifestParsing", "Effects", "CLibGit2", "CLinux", crypto, subprocess,
      systemPackage,
    ]),
  .target(
    name: "ContainerRuntimes",
    dependencies: ["FormationModel", "Effects", "ChildProcesses", "CLinux", crypto],
    exclude: ["Resources"], swiftSettings: settings),
  layer(
    "StateStore",
    ["FormationModel", "Effects", "CLinux", crypto, .product(name: "GRDB", package: "GRDB.swift")]),
  layer("Router", ["FormationModel", "Effects", "ChildProcesses", "CLinux", crypto]),
  layer("Server", ["FormationModel", "ChildProcesses", "CLinux", crypto, nio, nioPosix, nioHTTP]),
  // Shell.
  layer("Review", ["FormationModel", "Planning", "ManifestParsing", "YAMLReading"]),
  .executableTarget(
    name: "muster",
    dependencies: [
      "FormationModel", "ManifestParsing", "YAMLReading", "Planning", "Looping", "Effects",
      "ControlLoop", "GitSource", "ContainerRuntimes", "StateStore", "SimulatedWorld",
      "SimulationRun", "Review", "Router", "Server", "CLinux",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      crypto, subprocess, logging,
    ],
    swiftSettings: settings),
]

// `./dev bench`; what it is measured against is C.
let benchmarks: [Target] = [
  .target(
    name: "Baseline", dependencies: ["CLibGit2", "CLibYAML"], path: "Tests/Benchmarks/Baseline"),
  .executableTarget(
    name: "muster-bench",
    dependencies: [
      "Baseline", "FormationModel", "ManifestParsing", "Planning", "Looping", "Effects",
      "ControlLoop", "GitSource", "ContainerRuntimes", "Router", "StateStore", "SimulatedWorld",
    ],
    path: "Tests/Benchmarks/Rows", swiftSettings: settings),
]

let shellTests: [Target] = [
  tests("ControlLoopTests", ["ControlLoop", "FormationModel", "Planning", "Looping", "Effects"]),
  tests("GitSourceTests", ["GitSource", "FormationModel", "ManifestParsing", "Effects"]),
  tests(
    "ContainerRuntimesTests",
    ["ContainerRuntimes", "ChildProcesses", "FormationModel", "Effects", "CLinux"]),
  tests(
    "ContractTests",
    [
      "ContainerRuntimes", "ChildProcesses", "SimulatedWorld", "FormationModel", "Effects",
      "CLinux",
    ]),
  tests("StateStoreTests", ["StateStore", "FormationModel", "Effects"]),
  tests("RouterTests", ["Router", "FormationModel", "Effects", "CLinux"]),
  tests("ServerTests", ["Server", crypto, nio, nioPosix]),
  tests(
    "ReviewTests", ["Review", "FormationModel", "Planning", "ManifestParsing", "YAMLReading"]),
  tests("EndToEndTests", ["FormationModel", subprocess]),
]

/// The named targets and everything of this package that they need.
func closure(of names: [String], in targets: [Target]) -> [Target] {
  var wanted = Set(names)
  var pending = names
  while let name = pending.popLast() {
    for dependency in targets.first(where: { $0.name == name })?.dependencies ?? [] {
      if case .byNameItem(let needed, _) = dependency, wanted.insert(needed).inserted {
        pending.append(needed)
      }
    }
  }
  return targets.filter { wanted.contains($0.name) }
}

let all = coreOnly ? core + coreTests : core + coreTests + shell + shellTests + benchmarks
let declared = only.map { closure(of: $0, in: all) } ?? all

let package = Package(
  name: "muster",
  platforms: [.macOS(.v15)],
  products: declared.contains { $0.name == "muster" }
    ? [.executable(name: "muster", targets: ["muster"])] : [],
  dependencies: coreOnly
    ? []
    : [
      .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
      .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
      .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
      .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
      .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
      .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
      .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
  targets: declared
)
