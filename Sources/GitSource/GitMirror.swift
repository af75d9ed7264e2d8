// The folder of a remote's mirror: a bare repository that Muster made, and the configuration that
// `git` children run with. Fetching into it is in GitTransport.swift.

import Crypto
import Effects
import Foundation

/// A remote's mirror on this machine.
struct GitMirror: Sendable {
  /// The bare repository.
  let path: String
  /// The children's configuration file.
  let configuration: String
  private let folder: String

  /// The mirror of a URL within the folder of all mirrors.
  init(of url: String, in folder: String) {
    self.folder = folder
    path = folder + "/" + SHA256.hash(data: Array(url.utf8)).prefix(16).map { $0 }.hex
    configuration = folder + "/gitconfig"
  }

  private init(path: String, beside other: GitMirror) {
    self.path = path
    folder = other.folder
    configuration = other.configuration
  }

  /// Its folder's name.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// A mirror to fetch everything into anew, beside this one.
  var replacement: GitMirror { GitMirror(path: path + ".new", beside: self) }

  /// Puts the replacement in this one's place.
  func replace(with replacement: GitMirror) throws(SourceProblem) {
    do {
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.removeItem(atPath: path)
      }
      try FileManager.default.moveItem(atPath: replacement.path, toPath: path)
    } catch {
      throw SourceProblem(.corrupt, "the damaged mirror \(path) could not be replaced")
    }
  }

  /// Removes the mirror.
  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Settings of every child: objects are checked as they arrive, nothing runs by itself, a stalled
  /// transfer ends, redirects to elsewhere are not followed.
  static let settings = """
    [safe]
    \tdirectory = *
    [fetch]
    \tfsckObjects = true
    \trecurseSubmodules = false
    \twriteCommitGraph = false
    [transfer]
    \tfsckObjects = true
    [gc]
    \tauto = 0
    [maintenance]
    \tauto = false
    [core]
    \tcompression = 1
    \tbigFileThreshold = 64m
    [http]
    \tfollowRedirects = false
    \tlowSpeedLimit = 1
    \tlowSpeedTime = 60
    [credential]
    \tinteractive = false
    [advice]
    \tdetachedHead = false

    """

  /// Makes the folders and the configuration file, and the bare repository when there is none yet.
  func prepare(with git: GitChild, deadline: Duration) async throws(SourceProblem) {
    do {
      let files = FileManager.default
      try files.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let kept = files.contents(atPath: configuration)
      if kept != Data(Self.settings.utf8) {
        try Data(Self.settings.utf8).write(to: URL(filePath: configuration), options: .atomic)
      }
    } catch {
      throw SourceProblem(
        .unreachable, "the folder of mirrors \(folder) cannot be written", fix: "look at its rights"
      )
    }
    if FileManager.default.fileExists(atPath: path + "/HEAD") {
      return sweep(olderThan: deadline)
    }
    switch await git.run(
      ["init", "--bare", "--quiet", "--template=", "--", path], deadline: deadline)
    {
    case .printed: return
    case .failed(let words), .notRun(let words):
      throw SourceProblem(.unreachable, "the mirror \(path) could not be made: \(words)")
    case .timedOut:
      throw SourceProblem(.unreachable, "making the mirror \(path) took too long")
    }
  }

  /// Removes what a killed child left half done: its lock files and unfinished packs. Younger ones
  /// may belong to a child that outlived its Muster.
  private func sweep(olderThan age: Duration) {
    let files = FileManager.default
    for name in files.enumerator(atPath: path)?.compactMap({ $0 as? String }) ?? [] {
      let last = name.split(separator: "/").last ?? ""
      guard last.hasSuffix(".lock") || last.hasPrefix("tmp_") else { continue }
      let whole = path + "/" + name
      let changed = try? files.attributesOfItem(atPath: whole)[.modificationDate] as? Date
      if let changed, -changed.timeIntervalSinceNow > Double(age.components.seconds + 1) {
        try? files.removeItem(atPath: whole)
      }
    }
  }
}
