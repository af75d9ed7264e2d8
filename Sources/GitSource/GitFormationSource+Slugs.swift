// What the loop asks about revisions it knows: a slug's files, and who touched a file.

import Effects
package import FormationModel

extension GitFormationSource {
  /// Writes a slug's files into an empty folder that exists. The listing's digest is checked before
  /// the first byte is written.
  package func write(_ slug: SlugReference, into folder: String) async throws(EffectFailure) {
    let objects: GitObjects
    let listing: SlugListing
    do throws(SourceProblem) {
      objects = try repository(slug.repository).open()
      listing = try Self.list(slug, in: objects, limits: limits)
    } catch {
      throw EffectFailure(error)
    }
    var writer = try SlugWriter(into: folder, objects: objects, limits: limits)
    try writer.write(listing)
  }

  private static func list(
    _ slug: SlugReference, in objects: GitObjects, limits: Limits
  ) throws(SourceProblem) -> SlugListing {
    guard let id = ObjectID(hex: slug.revision.rawValue) else {
      throw SourceProblem(.missingRef, "“\(slug.revision.rawValue.printable)” is no commit id")
    }
    let tree = GitTree(objects, root: try objects.commit(id).tree)
    let listing: SlugListing
    do throws(SlugFlaw) {
      listing = try SlugListing(of: slug.folder, in: tree, limits: limits)
    } catch {
      switch error {
      case .refused(let why): throw SourceProblem(.tooLarge, why)
      case .problem(let problem): throw problem
      }
    }
    guard listing.digest == slug.digest else {
      throw SourceProblem(
        .corrupt,
        "the files of “\(slug.folder.printable)” at \(slug.revision.short) are not slug "
          + slug.digest.short)
    }
    return listing
  }

  /// The newest commit that touched the file, among those that `revision` has and `since` has not
  /// (all, when nil or not known here); nil when there is none within the limit of commits.
  package func newestCommit(
    touching file: String, of source: AppSource?, in revision: RevisionID, since: RevisionID?
  ) async -> Revision? {
    guard let head = ObjectID(hex: revision.rawValue),
      let repository = try? repository(source?.repository),
      let objects = try? repository.current()
    else { return nil }
    let earlier = since.flatMap { ObjectID(hex: $0.rawValue) }
    let range = earlier.map {
      repository.range(GitRepository.RangeKey(head: head, since: $0), in: objects)
    }
    let commit = try? objects.newestCommit(touching: file, in: head, range: range)
    return commit?.revision
  }

  /// The commit of that revision, in whichever repository has it; nil when none does.
  package func commit(_ revision: RevisionID) async -> Revision? {
    guard let id = ObjectID(hex: revision.rawValue) else { return nil }
    for repository in [platform] + repositories.values {
      if let found = try? repository.current().commit(id) { return found.revision }
    }
    return nil
  }
}
