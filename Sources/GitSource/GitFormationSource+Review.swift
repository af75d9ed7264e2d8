// What review asks: the formation of any commit, of the working tree, of the index, and what is not
// committed. Nothing here moves what is in force.

import CLibGit2
package import Effects
import FormationModel

extension GitFormationSource {
  /// The formation of a commit by any of its names: a branch, a tag, an id or its start, `HEAD~1`.
  /// A remote's branches and tags are fetched first. A commit without apps is a formation without
  /// apps. A commit that is not here is `.missingRef`, with what brings it.
  package func formation(at spec: String) async -> SourceReading {
    do throws(SourceProblem) {
      var head = "HEAD"
      if let transport = platform.transport {
        try await transport.fetchAll()
        if spec.hasPrefix("HEAD") || spec.hasPrefix("@") {
          let remote = try await transport.look(for: .head)
          try await transport.fetch(remote)
          head = remote.tracked
        }
      }
      let objects = try platform.open()
      let id = try objects.resolve(revision: spec, head: head)
      var commits = SourceCommits()
      return .formation(
        try await formation(of: objects.commit(id), &commits, RevisionsInForce()))
    } catch {
      return .problem(error)
    }
  }

  /// The formation of the files on disk, as if all that is not ignored were committed now.
  package func worktreeFormation() async -> SourceReading {
    do throws(SourceProblem) {
      let (objects, root) = try openWithFiles()
      let tree = WorkingTree(root: root, limits: limits, ignoring: try GitIndex(of: objects))
      return .formation(try await uncommitted(tree, in: objects))
    } catch {
      return .problem(error)
    }
  }

  /// The formation of what is staged, as if it were committed now.
  package func stagedFormation() async -> SourceReading {
    do throws(SourceProblem) {
      let (objects, _) = try openWithFiles()
      return .formation(try await uncommitted(GitIndex(of: objects).tree(), in: objects))
    } catch {
      return .problem(error)
    }
  }

  /// Paths of a local working tree that differ from HEAD or are not in git, at most 20, sorted.
  /// Empty when there are none, when the repository is bare or remote, and when it cannot be read.
  package func uncommittedChanges() async -> [String] {
    guard let (objects, _) = try? openWithFiles() else { return [] }
    var options = git_status_options()
    guard git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION)) == 0 else {
      return []
    }
    options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
    // Nothing is refreshed: a local repository is never written to.
    options.flags =
      GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue | GIT_STATUS_OPT_EXCLUDE_SUBMODULES.rawValue
    let opened = objects.repository.pointer
    let list = try? Owned(freeing: git_status_list_free) {
      git_status_list_new(&$0, opened, &options)
    }
    guard let list else { return [] }
    var paths: Set<String> = []
    for index in 0..<git_status_list_entrycount(list.pointer) {
      guard paths.count < 20, let entry = git_status_byindex(list.pointer, index) else { break }
      let delta = entry.pointee.head_to_index ?? entry.pointee.index_to_workdir
      guard let path = delta?.pointee.new_file.path ?? delta?.pointee.old_file.path else {
        continue
      }
      paths.insert(String(cString: path).printable)
    }
    return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func openWithFiles() throws(SourceProblem) -> (GitObjects, root: String) {
    guard case .local(let root) = address else {
      throw SourceProblem(
        .noRepository, "\(address.description) is not on this machine and has no working tree")
    }
    let objects = try platform.open()
    guard !objects.isBare else {
      throw SourceProblem(.noRepository, "\(root) is a bare repository and has no working tree")
    }
    return (objects, root)
  }

  private func uncommitted(
    _ tree: some SourceTree, in objects: GitObjects
  ) async throws(SourceProblem) -> SourcedFormation {
    var commits = SourceCommits()
    var round = try await read(tree, revision: nil, &commits, RevisionsInForce())
    let head = (try? objects.head()) ?? .none
    var slugs: [AppName: SlugResolution] = [:]
    for app in round.formation.apps where app.slugOrigin == nil {
      do throws(SlugFlaw) {
        let listing = try SlugListing(of: app.slugFolder, in: tree, limits: limits)
        slugs[app.name] = .found(
          SlugReference(digest: listing.digest, revision: head.revision, folder: app.slugFolder))
      } catch {
        switch error {
        case .refused(let why): slugs[app.name] = .refused(why)
        case .problem(let problem): throw problem
        }
      }
    }
    addForeignSlugs(&slugs, &round)
    return SourcedFormation(formation: round.formation, slugs: slugs)
  }
}
