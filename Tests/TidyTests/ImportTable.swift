// The walls between layers: which target may import what. The compiler lets transitive imports
// through; this table does not.

/// Which modules each target may import.
enum ImportTable {
  /// The machine: for adapters and the shell, never for the pure layers.
  private static let machine: Set<String> = [
    "Crypto", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Subprocess",
    "Synchronization", "SystemPackage",
  ]
  private static let nio: Set<String> = ["NIOCore", "NIOPosix", "NIOHTTP1"]

  /// Allowed imports by target. A target that is not here may not exist.
  static let allowed: [String: Set<String>] = [
    // Pure: values in, values out.
    "FormationModel": [],
    "ManifestParsing": ["FormationModel", "YAMLReading"],
    "Planning": ["FormationModel"],
    "Looping": ["FormationModel", "Planning"],
    "SimulationRun": ["FormationModel", "Planning", "Looping", "SimulatedWorld"],
    // Reading.
    "YAMLReading": ["CLibYAML"],
    // Seams.
    "Effects": ["FormationModel", "Glibc", "Synchronization"],
    // Driver.
    "ControlLoop": [
      "FormationModel", "Planning", "Looping", "Effects", "Foundation", "Glibc", "Synchronization",
    ],
    // What adapters share of the machine.
    "ChildProcesses": ["FormationModel", "CLinux", "Dispatch", "Glibc", "Synchronization"],
    // Adapters: their seam and the model, never one another, never the driver.
    "GitSource": machine.union([
      "FormationModel", "ManifestParsing", "Effects", "CLibGit2", "CLinux",
    ]),
    "ContainerRuntimes": machine.union([
      "FormationModel", "Effects", "ChildProcesses", "CLinux",
    ]),
    "StateStore": machine.union(["FormationModel", "Effects", "CLinux", "GRDB"]),
    "SimulatedWorld": ["FormationModel", "Effects", "Foundation"],
    "Router": machine.union(["FormationModel", "Effects", "ChildProcesses", "CLinux"]),
    "Server": machine.union(nio).union(["FormationModel", "ChildProcesses", "CLinux"]),
    // Shell.
    "Review": ["FormationModel", "Planning", "ManifestParsing", "YAMLReading"],
    "muster": machine.union([
      "ArgumentParser", "CLinux", "FormationModel", "ManifestParsing", "YAMLReading", "Planning",
      "Looping", "Effects", "ControlLoop", "GitSource", "ContainerRuntimes", "StateStore",
      "SimulatedWorld", "SimulationRun", "Review", "Router", "Server", "Logging",
    ]),
    // C.
    "CLibGit2": [], "CLibYAML": [], "CLinux": [],
  ]

  /// Imports that the file's target may not have.
  static func findings(in file: SwiftFile) -> [Finding] {
    guard let allowed = allowed[file.target] else {
      return [Finding(file.path, "target \(file.target) is not in the table of allowed imports")]
    }
    return file.lines.compactMap { line in
      guard let module = importedModule(line.code), !allowed.contains(module) else { return nil }
      return Finding(
        file.path, line: line.number,
        "\(file.target) may not import \(module): its layer does not know it "
          + "(docs/explanation/architecture.md)")
    }
  }

  /// The module that a line imports; nil when it imports none.
  static func importedModule(_ code: String) -> String? {
    let words = code.split(whereSeparator: \.isWhitespace).filter { !$0.hasPrefix("@") }
    guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
      words[..<index].allSatisfy({ ["package", "internal", "private", "public"].contains($0) })
    else { return nil }
    // `import struct Module.Type` names the kind first.
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let"]
    let named =
      kinds.contains(words[index + 1]) ? words.dropFirst(index + 2).first : words[index + 1]
    return named?.split(separator: ".").first.map(String.init)
  }
}
