// A root file system of Debian packages, put together by mmdebstrap from the sources that the
// machine's own apt uses for that suite.

import ChildProcesses
import FormationModel

/// A recipe for mmdebstrap.
struct DebianStack {
  let name: CatalogName
  let suite: String
  let packages: [String]
  /// Mirrors in place of the machine's own: lines as in sources.list.
  var mirrors: [String] = []

  /// The command that fills an empty folder. Throws for names that are none of Debian's.
  func command(into folder: String) throws(EffectFailure) -> Command {
    let program = try MachineTools.require("mmdebstrap", package: "mmdebstrap")
    guard let odd = ([suite] + packages).first(where: { !DebianStack.isPlain($0) }) else {
      let chosen =
        packages.isEmpty ? [] : ["--include=" + Set(packages).sorted().joined(separator: ",")]
      // Not quiet: what apt prints when it fails says whether trying again can help.
      return Command(program, ["--variant=minbase"] + chosen + ["--", suite, folder] + sources)
    }
    throw EffectFailure(
      "stack-build-failed", "stack \(name): \"\(odd)\" is not a suite or package of Debian",
      fix: "correct the stack in platform.yaml", retry: .withNewContent)
  }

  /// Files of the machine's apt that name the suite; none: mmdebstrap takes deb.debian.org.
  private var sources: [String] {
    if !mirrors.isEmpty { return mirrors }
    let folder = "/etc/apt/sources.list.d"
    let parts = ((try? Files.names(in: folder)) ?? nil) ?? []
    let files =
      ["/etc/apt/sources.list"]
      + parts.filter { $0.hasSuffix(".list") || $0.hasSuffix(".sources") }.map { "\(folder)/\($0)" }
    return files.filter { file in
      (Files.text(file) ?? "").split(whereSeparator: \.isWhitespace).contains { $0 == suite }
    }
  }

  /// What a line of mmdebstrap's tells whoever waits for it; nil for its choices and warnings.
  static func told(_ line: String) -> String? {
    let idle = ["automatically chosen", "signed-by", "chroot architecture", "success in"]
    guard line.hasPrefix("I: "), !idle.contains(where: line.contains) else { return nil }
    let words = line.dropFirst(3)
    return String(words.hasSuffix("...") ? words.dropLast(3) : words)
  }

  /// Whether the text can be nothing but a name: no option, no pattern, no second word.
  private static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, first.isLowerLetter || first.isDigit else { return false }
    return name.utf8.allSatisfy {
      $0.isLowerLetter || $0.isDigit
        || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ".")].contains($0)
    }
  }
}
