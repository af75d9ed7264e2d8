// Stacks by digest: how each kind of stack is put together, and what every root file system gets so
// that dynos can run on it.

import ChildProcesses
import Effects
package import FormationModel
import Glibc

/// The stacks that lie ready.
struct StackStore: Sendable {
  let content: ContentStore
  /// Where Debian's packages come from; none: from where the machine's own apt takes them.
  private let mirrors: [String]
  private static let buildTime = Duration.seconds(1800)
  /// Lines of a build's output that its failure is read from.
  private static let linesKept = 200
  /// Bytes: with less, a failed build is the disk's fault.
  private static let fullBelow: Int64 = 4 << 20

  init(_ path: String, mirrors: [String] = []) {
    content = ContentStore(path)
    self.mirrors = mirrors
  }

  /// Makes a stack ready; blocks while it is built.
  func prepare(_ reference: StackReference, progress: (String) -> Void) throws(EffectFailure) {
    if content.has(reference.digest) { return }
    let stack = reference.stack
    guard try StackDigest.of(stack) == reference.digest else {
      throw EffectFailure(
        "stack-changed", "stack \(stack.name) has changed since it was looked up",
        retry: .afterObserving)
    }
    let fresh = try content.begin(reference.digest)
    do {
      progress("building stack \(stack.name)")
      try fill(fresh, stack, progress)
      try furnish(fresh)
      try content.publish(fresh, as: reference.digest)
    } catch {
      try? Files.removeTree(fresh)
      throw error
    }
  }

  private func fill(
    _ folder: String, _ stack: Stack, _ progress: (String) -> Void
  ) throws(EffectFailure) {
    switch stack.source {
    case .busybox: try BusyboxStack.fill(folder)
    case .debian(let suite, let packages):
      let recipe = DebianStack(
        name: stack.name, suite: suite, packages: packages, mirrors: mirrors)
      let lines = try run(try recipe.command(into: folder)) { line in
        if let words = DebianStack.told(line) { progress("stack \(stack.name): \(words)") }
      }
      if let lines { throw failure(stack, of: AptFailure(lines), in: folder) }
    case .folder(let path):
      let copy = try MachineTools.require("cp", package: "coreutils")
      let command = Command(copy, ["-a", "--reflink=auto", "--", path + "/.", folder])
      try require(command, "stack \(stack.name) cannot be copied", progress)
    case .archive(let path):
      let tar = try MachineTools.require("tar", package: "tar")
      let options = ["--extract", "--numeric-owner", "--preserve-permissions"]
      let command = Command(tar, options + ["--directory=\(folder)", "--file=\(path)"])
      try require(command, "stack \(stack.name) cannot be unpacked", progress)
    }
  }

  private func failure(
    _ stack: Stack, of apt: AptFailure, in folder: String
  ) -> EffectFailure {
    if let free = Files.freeBytes(at: folder), free < StackStore.fullBelow {
      return .system("cannot build stack \(stack.name)", errno: ENOSPC)
    }
    return EffectFailure(
      "stack-build-failed", "stack \(stack.name) does not build: \(apt.words)", fix: apt.fix,
      retry: apt.retry)
  }

  private func require(
    _ command: Command, _ failure: String, _ progress: (String) -> Void
  ) throws(EffectFailure) {
    guard let lines = try run(command, progress) else { return }
    throw EffectFailure(
      "stack-build-failed", "\(failure): \(lines.suffix(3).joined(separator: " | "))",
      fix: "correct the stack in platform.yaml", retry: .withNewContent)
  }

  /// Runs a command; nil when it succeeded, else the last lines that it printed.
  private func run(
    _ command: Command, _ progress: (String) -> Void
  ) throws(EffectFailure) -> [String]? {
    var command = command
    command.timeout = StackStore.buildTime
    var last: [String] = []
    let result = try withoutActuallyEscaping(progress) { (progress) throws(EffectFailure) in
      try command.run { line in
        progress(line)
        last.append(line)
        if last.count > 2 * StackStore.linesKept { last.removeFirst(StackStore.linesKept) }
      }
    }
    return result.code == 0 ? nil : last
  }

  /// Adds the places where things are mounted, and the dyno's user.
  private func furnish(_ root: String) throws(EffectFailure) {
    for folder in ["proc", "sys", "dev", "run", "tmp", "app", "etc"] {
      let path = "\(root)/\(folder)"
      try Files.makeFolder(path)
      // A link would lead what is written here to the machine's own files.
      guard let status = Files.status(path), status.st_mode & S_IFMT == S_IFDIR else {
        throw EffectFailure(
          "stack-build-failed", "/\(folder) of the stack is not a folder",
          fix: "use a root file system with a real /\(folder)", retry: .withNewContent)
      }
    }
    for file in ["hosts", "resolv.conf"] {
      // A link here would lead the mount somewhere else.
      try Files.remove("\(root)/etc/\(file)")
      try Files.write([], to: "\(root)/etc/\(file)")
    }
    let id = DynoUser.id
    try append("\(DynoUser.name):x:\(id):\(id)::\(DynoUser.home):/bin/sh", to: "\(root)/etc/passwd")
    try append("\(DynoUser.name):x:\(id):", to: "\(root)/etc/group")
  }

  private func append(_ line: String, to path: String) throws(EffectFailure) {
    let name = line.prefix { $0 != ":" } + ":"
    let text = Files.text(path) ?? ""
    let kept = text.split(separator: "\n").filter { !$0.hasPrefix(name) }.map(String.init)
    try Files.remove(path)
    try Files.write((kept + [line, ""]).joined(separator: "\n").utf8, to: path)
  }
}

/// Says what stacks are made of, off the cooperative threads.
package struct StackResolver: StackResolving {
  private let lanes = BlockingLanes("stacks", width: 1)

  /// Makes a resolver.
  package init() {}

  /// The stack with the digest of its definition (recipes) or of its files' listing.
  package func resolve(_ stack: Stack) async throws(EffectFailure) -> StackReference {
    let result = await lanes.run {
      Result { () throws(EffectFailure) in try StackDigest.of(stack) }
    }
    return StackReference(stack: stack, digest: try result.get())
  }
}
