// Slugs: what is in their digest, what is refused, and laying them onto a disk.

import Effects
import FormationModel
import Foundation
import GitSource
import Glibc
import Testing

@Suite struct SlugTests {
  @Test func `a change of quantity is no new slug, a change of a file is`() async throws {
    let repository = try TestRepository()
    try repository.app("other")
    try repository.commit("Two apps")
    let source = try repository.source()
    func slug(_ app: String) async throws -> SlugReference {
      try await source.read(inForce: nil).formation().slug(app)
    }
    let before = try await slug("shop")
    try repository.app("shop", quantity: 3)
    let scaled = try repository.commit("Scale")
    let after = try await slug("shop")
    #expect(after.digest == before.digest)
    #expect(after.revision == scaled)
    #expect(after.folder == "apps/shop")
    #expect(try await slug("other").digest != after.digest)
    try repository.write("apps/shop/run", "#!/bin/sh\necho changed\n")
    try repository.commit("Change")
    let changed = try await slug("shop")
    #expect(changed.digest != before.digest)
    try repository.git("update-index", "--chmod=+x", "apps/shop/run")
    try repository.git("commit", "--quiet", "-m", "Executable")
    #expect(try await slug("shop").digest != changed.digest)
  }

  @Test func `manifests below the root of the slug stay in it`() async throws {
    let repository = try TestRepository()
    try repository.write("apps/shop/data/app.yaml", "kept: true\n")
    try repository.write("apps/shop/app.json", "{}")
    try repository.commit("Data")
    let source = try repository.source()
    let slug = try await source.read(inForce: nil).formation().slug("shop")
    let folder = try repository.emptyFolder()
    try await source.write(slug, into: folder)
    #expect(try repository.list(folder) == ["Procfile", "data", "data/app.yaml", "run"])
  }

  @Test func `files are written with their modes and symlinks as symlinks`() async throws {
    let repository = try TestRepository()
    let root = repository.path + "/apps/shop"
    try repository.write("apps/shop/lib/deep/er/file", "deep\n")
    try repository.write("apps/shop/lib/large", String(repeating: "0123456789", count: 500_000))
    try repository.write("apps/shop/lib-a", "between\n")
    try repository.write("apps/shop/empty", "")
    chmod(root + "/run", 0o755)
    symlink("../run", root + "/lib/start")
    symlink("lib/deep", root + "/deep")
    try repository.commit("Files")
    let source = try repository.source()
    let slug = try await source.read(inForce: nil).formation().slug("shop")
    let folder = try repository.emptyFolder()
    let mask = umask(0o077)
    defer { umask(mask) }
    try await source.write(slug, into: folder)
    #expect(try repository.mode(folder + "/run") == 0o755)
    #expect(try repository.mode(folder + "/lib-a") == 0o644)
    #expect(try repository.mode(folder + "/lib") == 0o755)
    let files = FileManager.default
    #expect(try files.destinationOfSymbolicLink(atPath: folder + "/lib/start") == "../run")
    for file in ["lib/deep/er/file", "lib/large", "lib-a", "empty", "run"] {
      #expect(
        files.contentsEqual(atPath: folder + "/" + file, andPath: root + "/" + file), "\(file)")
    }
  }

  @Test(arguments: [
    ("/etc/passwd", "leaves the folder"), ("../../../etc/passwd", "leaves the folder"),
    ("lib/../../x", "behind a name"), ("..", "leaves the folder"), ("./../x", "leaves the folder"),
  ])
  func `a symlink that could leave the folder is refused`(target: String, why: String) async throws
  {
    let repository = try TestRepository()
    try repository.app("other")
    symlink(target, repository.path + "/apps/shop/link")
    try repository.commit("Link")
    let sourced = try await repository.source().read(inForce: nil).formation()
    #expect(try repository.refusal("shop", in: sourced).contains(why))
    _ = try sourced.slug("other")
  }

  @Test func `submodules, too many files, bytes and levels are refused`() async throws {
    let repository = try TestRepository()
    try repository.write("apps/shop/a/b/c/file", "12345")
    let head = try repository.commit("Deep")
    var limits = Limits()
    limits.slugDepth = 2
    func refusal() async throws -> String {
      let source = try repository.source(limits: limits)
      return try repository.refusal("shop", in: try await source.read(inForce: nil).formation())
    }
    #expect(try await refusal().contains("deeper than 2"))
    limits = Limits()
    limits.slugFiles = 2
    #expect(try await refusal().contains("more than 2 files"))
    limits = Limits()
    limits.slugBytes = 20
    #expect(try await refusal().contains("more than 20 bytes"))
    limits = Limits()
    try repository.git(
      "update-index", "--add", "--cacheinfo", "160000,\(head.rawValue),apps/shop/vendor")
    try repository.git("commit", "--quiet", "-m", "Submodule")
    #expect(try await refusal().contains("submodule"))
  }

  @Test func `a folder that is not empty, not there or not a folder is a typed failure`()
    async throws
  {
    let repository = try TestRepository()
    let source = try repository.source()
    let slug = try await source.read(inForce: nil).formation().slug("shop")
    let folder = try repository.emptyFolder()
    try await source.write(slug, into: folder)
    await #expect { try await source.write(slug, into: folder) } throws: { error in
      (error as? EffectFailure)?.code == "folder-not-empty"
    }
    // A symlink planted where a file goes is not followed.
    let planted = try repository.emptyFolder()
    let outside = repository.folder + "/outside"
    symlink(outside, planted + "/run")
    await #expect { try await source.write(slug, into: planted) } throws: { error in
      (error as? EffectFailure)?.code == "folder-not-empty"
    }
    #expect(!FileManager.default.fileExists(atPath: outside))
    await #expect { try await source.write(slug, into: folder + "/nowhere") } throws: { error in
      (error as? EffectFailure)?.retry == .whenMachineIsMended
    }
  }

  @Test func `a full disk is for the machine to mend`() async throws {
    let repository = try TestRepository()
    try repository.write("apps/shop/large", String(repeating: "0123456789", count: 300_000))
    try repository.commit("Large")
    let source = try repository.source()
    let slug = try await source.read(inForce: nil).formation().slug("shop")
    let folder = try repository.emptyFolder()
    guard mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0 else {
      print("skipped: mounting a small file system needs root")
      return
    }
    defer { umount2(folder, Int32(MNT_DETACH)) }
    await #expect { try await source.write(slug, into: folder) } throws: { error in
      guard let failure = error as? EffectFailure else { return false }
      return failure.code == "disk-full" && failure.retry == .whenMachineIsMended
    }
  }

  @Test func `a digest that is not the folder's writes nothing`() async throws {
    let repository = try TestRepository()
    let source = try repository.source()
    let slug = try await source.read(inForce: nil).formation().slug("shop")
    let folder = try repository.emptyFolder()
    for wrong in [
      SlugReference(
        digest: ContentDigest(rawValue: "ab"), revision: slug.revision, folder: slug.folder),
      SlugReference(digest: slug.digest, revision: slug.revision, folder: "apps"),
      SlugReference(digest: slug.digest, revision: slug.revision, folder: "../.."),
      SlugReference(digest: slug.digest, revision: RevisionID(rawValue: "-x"), folder: slug.folder),
    ] {
      await #expect(throws: EffectFailure.self) { try await source.write(wrong, into: folder) }
    }
    #expect(try repository.list(folder).isEmpty)
  }
}

extension TestRepository {
  /// A folder of the test's own, outside the repository.
  func emptyFolder() throws -> String {
    let path = folder + "/slug-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  /// Everything below a folder, sorted.
  func list(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
  }

  /// A file's permissions.
  func mode(_ path: String) throws -> mode_t {
    var status = stat()
    try #require(lstat(path, &status) == 0)
    return status.st_mode & 0o7777
  }

  /// Why an app has no slug; fails the test when it has one.
  func refusal(_ app: String, in sourced: SourcedFormation) throws -> String {
    let name = try #require(AppName(rawValue: app))
    guard case .refused(let why)? = sourced.slugs[name] else {
      return try #require(nil, "\(app) was not refused")
    }
    return why
  }
}
