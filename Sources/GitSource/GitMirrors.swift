// The mirrors of remote repositories as things that take space: listed, removed when no repository
// in use has them, packed anew. Mirrors are only packed here, never while one is fetched into.

import CLinux
import Effects
package import FormationModel
import Foundation

/// The folder of mirrors.
package struct GitMirrors: DiskKeeping {
  private let folder: String
  private let limits: Limits

  /// The mirrors in a folder, which may not be there.
  package init(folder: String, limits: Limits = Limits()) {
    self.folder = folder
    self.limits = limits
  }

  /// The name of a repository's mirror; nil for local repositories, which are read in place.
  package static func name(of address: GitAddress) -> String? {
    guard case .remote(let url) = address else { return nil }
    return GitMirror(of: url, in: "").name
  }

  /// Mirrors, and what was left of replacing one.
  package func inventory() async throws(EffectFailure) -> [StoredItem] {
    names().compactMap { name in
      let bytes = muster_used_bytes("\(folder)/\(name)")
      if Self.isReplacement(name) { return StoredItem(.leftover, "mirrors/\(name)", bytes: bytes) }
      return Self.isMirror(name) ? StoredItem(.mirror, name, bytes: bytes) : nil
    }
  }

  /// Removes a mirror or a leftover.
  package func discard(_ item: StoredItem) async -> Outcome {
    var name = item.name
    if item.kind == .leftover, name.hasPrefix("mirrors/") { name.removeFirst("mirrors/".count) }
    let isOurs = item.kind == .leftover ? Self.isReplacement(name) : Self.isMirror(name)
    guard isOurs, item.kind == .mirror || item.kind == .leftover else {
      return .failed(
        EffectFailure(
          "not-removable", "\(item.kind.rawValue) \(item.name) is not removed",
          retry: .withNewContent))
    }
    let path = "\(folder)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else { return .done }
    do {
      try FileManager.default.removeItem(atPath: path)
      return .done
    } catch {
      return .failed(
        EffectFailure("mirror-left", "the mirror \(path) could not be removed", retry: .later))
    }
  }

  private func names() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Whether a name is one that `GitMirror` gives.
  private static func isMirror(_ name: String) -> Bool {
    name.utf8.count == 32 && name.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
  }

  private static func isReplacement(_ name: String) -> Bool {
    name.hasSuffix(".new") && isMirror(String(name.dropLast(4)))
  }
}

/// How packing a mirror ended.
package enum MirrorPacking: Hashable, Sendable {
  /// It takes so many bytes less.
  case freed(Int64)
  /// It is packed as it is, or there is no such mirror.
  case nothingToDo
  /// It was left as it is, and why.
  case skipped(String)
}

extension GitMirrors {
  /// Packs a mirror anew and drops what neither its refs nor the given commits need. Wants free
  /// space for a second copy. The child is killed at the deadline; the mirror stays whole.
  package func pack(
    _ name: String, keeping revisions: Set<RevisionID>, free: Int64,
    deadline: Duration = .seconds(600)
  ) async -> MirrorPacking {
    let path = "\(folder)/\(name)"
    guard isLoose(name) else { return .nothingToDo }
    let before = muster_used_bytes(path)
    guard free > before else { return .skipped("there is no space for a second copy of it") }
    do throws(EffectFailure) {
      try pin(revisions, in: path)
    } catch {
      return .skipped(error.message)
    }
    let git = GitChild(
      configuration: folder + "/gitconfig", outputLimit: limits.gitOutputBytes)
    for command in [["repack", "-a", "-d", "-q"], ["prune", "--expire=now"]] {
      switch await git.run(["--git-dir=\(path)"] + command, deadline: deadline) {
      case .printed: continue
      case .failed(let words), .notRun(let words): return .skipped(words)
      case .timedOut: return .skipped("git \(command[0]) took too long")
      }
    }
    return .freed(max(0, before - muster_used_bytes(path)))
  }

  /// Whether there is such a mirror and packing it may help: it has more than one pack, or objects
  /// outside of packs.
  package func isLoose(_ name: String) -> Bool {
    guard Self.isMirror(name) else { return false }
    let path = "\(folder)/\(name)"
    let files = FileManager.default
    let packs = (try? files.contentsOfDirectory(atPath: path + "/objects/pack")) ?? []
    if packs.count(where: { $0.hasSuffix(".pack") }) > 1 { return true }
    let folders = (try? files.contentsOfDirectory(atPath: path + "/objects")) ?? []
    return folders.contains { $0.utf8.count == 2 }
  }

  /// Makes a ref for each commit that is there, and drops those of earlier ones: a history that was
  /// pushed over must not take a kept release's files with it.
  private func pin(_ revisions: Set<RevisionID>, in path: String) throws(EffectFailure) {
    let refs = path + "/refs/muster-kept"
    do {
      let objects = try GitObjects(path: path, limits: limits, kept: GitKept(limits: limits))
      let there = revisions.compactMap { ObjectID(hex: $0.rawValue) }.filter { id in
        (try? objects.commit(id)) != nil
      }
      let files = FileManager.default
      try files.createDirectory(atPath: refs, withIntermediateDirectories: true)
      let wanted = Set(there.map(\.hex))
      for name in try files.contentsOfDirectory(atPath: refs) where !wanted.contains(name) {
        try files.removeItem(atPath: "\(refs)/\(name)")
      }
      for name in wanted.sorted() {
        try Data("\(name)\n".utf8).write(to: URL(filePath: "\(refs)/\(name)"), options: .atomic)
      }
    } catch let problem as SourceProblem {
      throw EffectFailure(problem)
    } catch {
      throw EffectFailure(
        "mirror-unwritable", "the mirror \(path) cannot be written", retry: .later)
    }
  }
}
