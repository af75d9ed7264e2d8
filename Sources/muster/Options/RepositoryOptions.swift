// The options of commands that look at a repository alone: no machine, no state directory.

import ArgumentParser
import Effects
import Foundation
import GitSource
import Review

/// Which repository, and how it is read.
struct RepositoryOptions: ParsableArguments {
  @Option(
    help: .init(
      "The repository of manifests: a path, or a file, https or ssh URL. "
        + "Default: the enclosing repository. [MUSTER_REPO]", valueName: "path|url"))
  var repo: String?

  @Option(help: "The environment whose settings are merged. [MUSTER_ENVIRONMENT]")
  var environment: String?

  @Flag(name: .shortAndLong, help: "Say nothing but what was asked for.")
  var quiet = false

  /// The options with environment variables and the server's file filled in.
  func settings() throws -> Settings {
    var told = Settings.Told()
    told.repository = repo
    told.environment = environment
    told.isQuiet = quiet
    // These commands have forms of their own, and read MUSTER_FORMAT by themselves.
    told.format = .text
    return try Settings(told, environment: Surroundings.current.environment)
  }
}

extension Settings {
  /// A format that only this command has: the flag, then MUSTER_FORMAT, then text.
  static func format<Format: CaseIterable & RawRepresentable<String>>(
    _ option: Format?, default text: Format
  ) throws -> Format {
    if let option { return option }
    let variable = Surroundings.current.environment["MUSTER_FORMAT"]
    return try choice(variable, named: "format") ?? text
  }

  /// The repository that was named, or the one around the current folder. Mirrors of remote
  /// repositories go to `mirrors`; local ones are read in place.
  func source(mirrors: String?) throws -> GitFormationSource {
    guard
      let repository = repository
        ?? GitFormationSource.enclosingRepository(of: Composition.currentFolder)
    else {
      throw CommandFailure(
        .unknown, "there is no git repository here",
        fix: "go into the repository of manifests, or name it with --repo PATH|URL")
    }
    do throws(SourceProblem) {
      return try Composition.source(
        repository: repository, ref: ref, environment: environment, mirrors: mirrors)
    } catch {
      throw CommandFailure(error)
    }
  }
}

/// A folder for one command's mirror of a remote repository; removed when the command ends well.
struct MirrorFolder {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "muster-mirror-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw CommandFailure(.unknown, "no temporary folder could be made in the temp directory")
    }
    path = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
