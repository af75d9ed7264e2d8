// Slugs that were looked at, by tree id: an app whose folder did not change costs a lookup.

import Effects
import FormationModel

/// Slugs by the id of their folder's tree.
struct SlugCache {
  private enum Known {
    case digest(ContentDigest)
    case refused(String)
  }

  private var known: [ObjectID: Known] = [:]
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// The slug of a folder at a commit. Throws when the repository cannot be read.
  mutating func slug(
    of folder: String, at revision: RevisionID, in tree: GitTree, repository: String? = nil,
    limits: Limits
  ) throws(SourceProblem) -> SlugResolution {
    guard let id = try tree.folder(folder) else {
      return .refused("there is no folder “\(folder.printable)” at this commit")
    }
    if known.count > limit { known.removeAll() }
    let found: Known
    if let kept = known[id] {
      found = kept
    } else {
      found = try Self.look(at: folder, in: tree, limits: limits)
      known[id] = found
    }
    return switch found {
    case .digest(let digest):
      .found(
        SlugReference(
          digest: digest, revision: revision, folder: folder, repository: repository))
    case .refused(let why): .refused(why)
    }
  }

  private static func look(
    at folder: String, in tree: GitTree, limits: Limits
  ) throws(SourceProblem) -> Known {
    do {
      return .digest(try SlugListing(of: folder, in: tree, limits: limits).digest)
    } catch {
      switch error {
      case .refused(let why): return .refused(why)
      case .problem(let problem): throw problem
      }
    }
  }
}
