// Puts a repository's object database together for libgit2 out of parts that were checked: packs
// with a sound index, loose objects through our own reader, alternates. Left out on purpose: the
// multi-pack index and the commit graph, which only repeat what is elsewhere.

import CLibGit2
import Effects
import FormationModel
import Foundation
import Glibc

extension Limits {
  /// Bytes of the largest object that anything reads; each kind has its own limit besides.
  var objectBytes: Int {
    max(Int(clamping: slugBytes), manifestBytes, commitBytes, treeBytes)
  }
}

/// What is kept between two openings of a repository.
final class GitKept {
  let listings: ListingCache
  /// Indexes that were found sound.
  fileprivate var soundIndexes: Set<PackIndexState> = []

  init(limits: Limits) { listings = ListingCache(limit: limits.treeEntriesKept) }
}

enum ObjectDatabase {
  private static let alternatesDepth = 5
  private static let foldersLimit = 64
  private static let packsLimit = 10_000

  /// Makes the database of a repository's object folder and gives it to the repository.
  static func attach(
    to repository: borrowing Owned, limits: Limits, kept: GitKept
  ) throws(SourceProblem) -> Owned {
    var path = git_buf()
    defer { git_buf_dispose(&path) }
    do throws(LibGit2Failure) {
      try succeed(
        git_repository_item_path(&path, repository.pointer, GIT_REPOSITORY_ITEM_OBJECTS))
    } catch {
      throw error.reading("the object folder")
    }
    var objects = path.ptr.map { String(cString: $0) } ?? ""
    if objects.hasSuffix("/") { objects.removeLast() }
    let folders = folders(from: objects)
    var packs: [String] = []
    for folder in folders { packs += try soundPacks(in: folder, kept: kept) }
    do throws(LibGit2Failure) {
      let database = try Owned(freeing: git_odb_free) { git_odb_new(&$0) }
      for pack in packs { try add(pack, to: database) }
      try LooseBackend.add(folders, byteLimit: limits.objectBytes, to: database)
      try succeed(git_repository_set_odb(repository.pointer, database.pointer))
      return database
    } catch {
      throw error.reading("the object database")
    }
  }

  private static func add(_ index: String, to database: borrowing Owned) throws(LibGit2Failure) {
    var backend: UnsafeMutablePointer<git_odb_backend>?
    try succeed(git_odb_backend_one_pack(&backend, index))
    let code = git_odb_add_backend(database.pointer, backend, 2)
    guard code >= 0 else {
      backend.map { $0.pointee.free($0) }
      throw LibGit2Failure(code)
    }
  }

  /// The object folder and its alternates; those that are not there are left out, as git does.
  private static func folders(from objects: String) -> [String] {
    var found = [objects]
    var level = [objects]
    for _ in 0..<alternatesDepth {
      level = level.flatMap(alternates).filter { !found.contains($0) }
      found += level.prefix(foldersLimit - found.count)
    }
    return found
  }

  private static func alternates(of folder: String) -> [String] {
    let file = folder + "/info/alternates"
    guard let bytes = FileManager.default.contents(atPath: file), bytes.count <= 1 << 16 else {
      return []
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      if line.hasPrefix("#") { return nil }
      let path = line.hasPrefix("/") ? String(line) : folder + "/" + line
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR ? path : nil
    }
  }

  /// The indexes of a folder's packs, each checked once in its life.
  private static func soundPacks(
    in folder: String, kept: GitKept
  ) throws(SourceProblem) -> [String] {
    let pack = folder + "/pack"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: pack)) ?? []
    let indexes = names.filter { $0.hasSuffix(".idx") }.sorted()
    guard indexes.count <= packsLimit else {
      throw SourceProblem(
        .tooLarge, "\(pack) has \(indexes.count) packs", fix: "run `git gc` there")
    }
    var sound: [String] = []
    for name in indexes {
      let index = pack + "/" + name
      let file = String(index.dropLast(4)) + ".pack"
      guard let state = PackIndexState(of: index, pack: file) else { continue }
      if !kept.soundIndexes.contains(state) {
        if let flaw = PackIndex.flaw(in: index, pack: file) {
          throw SourceProblem(
            .corrupt, "the pack index \(index) is damaged: \(flaw)",
            fix: "make it again: `git index-pack` with the pack's file")
        }
        kept.soundIndexes.insert(state)
      }
      sound.append(index)
    }
    return sound
  }
}
