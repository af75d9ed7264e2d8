// Slugs by digest, owned by the dyno's user.

import ChildProcesses
import Effects
import FormationModel

/// The slugs that lie ready.
struct SlugStore: Sendable {
  let content: ContentStore
  private let lanes: BlockingLanes

  init(_ path: String, lanes: BlockingLanes) {
    content = ContentStore(path)
    self.lanes = lanes
  }

  /// Makes a slug ready, its files written by `source`.
  func prepare(_ slug: SlugReference, from source: any SlugWriting) async -> Outcome {
    let begun = await lanes.run { () -> Result<String?, EffectFailure> in
      Result { () throws(EffectFailure) in
        content.has(slug.digest) ? nil : try content.begin(slug.digest)
      }
    }
    switch begun {
    case .failure(let failure): return .failed(failure)
    case .success(nil): return .done
    case .success(let fresh?):
      do {
        try await source.write(slug, into: fresh)
      } catch {
        await lanes.run { try? Files.removeTree(fresh) }
        return .failed(error)
      }
      return await lanes.run {
        Outcome { () throws(EffectFailure) in
          try Files.give(fresh, to: DynoUser.id, group: DynoUser.id)
          try content.publish(fresh, as: slug.digest)
        }
      }
    }
  }
}

extension Outcome {
  /// Done, or the failure that the work throws.
  init(_ work: () throws(EffectFailure) -> Void) {
    do {
      try work()
      self = .done
    } catch {
      self = .failed(error)
    }
  }
}
