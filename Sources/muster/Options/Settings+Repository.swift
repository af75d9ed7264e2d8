// Where a command without a platform reads manifests: the format it prints in, the repository in
// place, or a mirror for as long as the command runs.

import Effects
import Foundation
import GitSource
import Review

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
  func source(mirrors: String?, others: OtherRepositories) throws -> GitFormationSource {
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
        repository: repository, ref: ref, environment: environment, mirrors: mirrors,
        others: others)
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
