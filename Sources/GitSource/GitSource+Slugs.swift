// What the loop asks about revisions it knows: a slug's files, and who touched a file.

package import Effects
package import FormationModel

extension GitSource {
  /// Writes a slug's files into an empty folder that exists. The listing's digest is checked before
  /// the first byte is written.
  package func write(_ slug: SlugReference, into folder: String) async throws(EffectFailure) {
    let objects: GitObjects
    let listing: SlugListing
    do {
      objects = try open()
      guard let id = ObjectID(hex: slug.revision.rawValue) else {
        throw SourceProblem(.missingRef, "“\(slug.revision.rawValue.printable)” is no commit id")
      }
      let tree = GitTree(objects, root: try objects.commit(id).tree)
      listing = try Self.list(slug, in: tree, limits: limits)
    } catch {
      throw EffectFailure(error)
    }
    var writer = try SlugWriter(into: folder, objects: objects, limits: limits)
    try writer.write(listing)
  }

  private static func list(
    _ slug: SlugReference, in tree: GitTree, limits: Limits
  ) throws(SourceProblem) -> SlugListing {
    do {
      let listing = try SlugListing(of: slug.folder, in: tree, limits: limits)
      guard listing.digest == slug.digest else {
        throw SourceProblem(
          .corrupt,
          "the files of “\(slug.folder.printable)” at \(slug.revision.short) are not slug "
            + slug.digest.short)
      }
      return listing
    } catch let flaw as SlugFlaw {
      switch flaw {
      case .refused(let why): throw SourceProblem(.tooLarge, why)
      case .problem(let problem): throw problem
      }
    } catch let problem as SourceProblem {
      throw problem
    } catch {
      throw SourceProblem(.corrupt, "the slug could not be read")
    }
  }

  /// The newest commit that touched the file, among those that `revision` has and `since` has not
  /// (all, when nil or not known here); nil when there is none within the limit of commits.
  package func newestCommit(
    touching file: String, in revision: RevisionID, since: RevisionID?
  ) async -> Revision? {
    guard let head = ObjectID(hex: revision.rawValue), let objects = try? current() else {
      return nil
    }
    let earlier = since.flatMap { ObjectID(hex: $0.rawValue) }
    let range = earlier.map { range(RangeKey(head: head, since: $0), in: objects) }
    return (try? objects.newestCommit(touching: file, in: head, range: range))??.revision
  }
}
