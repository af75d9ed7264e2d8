// Where two lines of history parted: what a review compares HEAD with, so that commits which only
// BASE has do not look as if HEAD took them back.

import CLibGit2
package import Effects
import FormationModel

extension GitFormationSource {
  /// The full id of the newest commit that both have. Throws `.missingRef` when one of them is not
  /// here, or when they have none in common, with what usually helps.
  package func mergeBase(
    of base: String, and head: String
  ) async throws(SourceProblem) -> String {
    if let transport = platform.transport { try await transport.fetchAll() }
    let objects = try platform.open()
    var one = try objects.resolve(revision: base).oid
    var other = try objects.resolve(revision: head).oid
    var found = git_oid()
    let answer = git_merge_base(&found, objects.repository.pointer, &one, &other)
    if answer == 0 { return ObjectID(found).hex }
    let words = "\(base.printable) and \(head.printable) have no commit in common"
    guard objects.isShallow else {
      throw SourceProblem(
        .missingRef, words, fix: "compare them as they are: `muster diff --trees BASE HEAD`")
    }
    throw SourceProblem(
      .missingRef, "\(words) in this repository, which is a shallow clone",
      fix: "fetch all history: `git fetch --unshallow`, or `fetch-depth: 0` where CI checks out")
  }
}
