// Damaged repositories: each ends in a typed problem, in bounded time, and is read again once it is
// repaired. The sweeps damage every place of a file; there an intact answer is right as well.

import Effects
import FormationModel
import Foundation
import GitSource
import Glibc
import Testing

@Suite struct CorruptRepositoryTests {
  @Test(.timeLimit(.minutes(2)), arguments: Damage.allCases)
  func `a damaged repository is a typed problem until it is repaired`(_ damage: Damage) async throws
  {
    let repository = try TestRepository()
    try repository.app("other")
    try repository.commit("Second")
    if damage.isPacked { try repository.git("gc", "--quiet") }
    let good = try await repository.source().read(inForce: nil).formation()
    let backup = repository.folder + "/backup"
    try FileManager.default.copyItem(atPath: repository.path, toPath: backup)
    try damage.strike(repository)
    let source = try repository.source()
    let problem = try await source.read(inForce: good.formation.revision?.id).problem()
    #expect(damage.kinds.contains(problem.kind), "\(problem.kind): \(problem.message)")
    try FileManager.default.removeItem(atPath: repository.path)
    try FileManager.default.moveItem(atPath: backup, toPath: repository.path)
    #expect(try await source.read(inForce: good.formation.revision?.id).formation() == good)
  }

  @Test(.serialized, .timeLimit(.minutes(3)), arguments: Sweep.allCases)
  func `damage at any place of a file never crashes and never passes unseen`(
    _ sweep: Sweep
  ) async throws {
    let repository = try TestRepository()
    if sweep.isPacked { try repository.git("gc", "--quiet") }
    let good = try await sweep.read(repository).formation()
    let file = try sweep.file(in: repository)
    let intact = try repository.bytes(of: file)
    var seen = 0
    for damaged in sweep.damages(of: intact) {
      try repository.overwrite(file, damaged)
      switch try await sweep.read(repository) {
      case .formation(let formation): #expect(formation == good)
      case .problem(let problem):
        seen += 1
        #expect(!problem.message.isEmpty)
      }
    }
    #expect(seen > 0)
    try repository.overwrite(file, intact)
    #expect(try await sweep.read(repository).formation() == good)
  }

  @Test func `a slug whose blob is damaged is not written`() async throws {
    let repository = try TestRepository()
    let source = try repository.source()
    let slug = try await source.read(inForce: nil).formation().slug("shop")
    let file = try repository.looseObject("HEAD:apps/shop/run")
    let intact = try repository.bytes(of: file)
    for damaged in [Array(intact.prefix(intact.count / 2)), [], Array(intact.reversed())] {
      try repository.overwrite(file, damaged)
      let folder = try repository.emptyFolder()
      await #expect { try await source.write(slug, into: folder) } throws: { error in
        (error as? EffectFailure)?.code == "slug-corrupt"
      }
    }
    try repository.overwrite(file, intact)
    try await source.write(slug, into: repository.emptyFolder())
  }

  @Test func `files that only repeat what is elsewhere are not looked at`() async throws {
    let repository = try TestRepository()
    try repository.app("other")
    try repository.commit("Second")
    try repository.git("gc", "--quiet")
    let good = try await repository.source().read(inForce: nil).formation()
    for file in ["info/commit-graph", "pack/multi-pack-index", "pack/pack-1.idx", "pack/x.rev"] {
      for text in [
        "", "MIDX\u{1}\u{1}", "CGPH\u{1}\u{1}\u{1}", String(repeating: "x", count: 5_000),
      ] {
        try repository.overwrite(".git/objects/" + file, Array(text.utf8))
        #expect(try await repository.source().read(inForce: nil).formation() == good)
      }
    }
  }

  @Test func `objects of an alternate are read`() async throws {
    let repository = try TestRepository()
    let clone = repository.folder + "/clone"
    try repository.git(
      "clone", "--quiet", "--shared", repository.path, clone, in: repository.folder)
    #expect(try await repository.source(clone).read(inForce: nil).formation().names == ["shop"])
  }

  @Test func `alternates to nowhere harm nothing that is here`() async throws {
    let repository = try TestRepository()
    let good = try await repository.source().read(inForce: nil).formation()
    for text in [
      "/nowhere/objects\n", "../../..\n", "\n\n#\n", String(repeating: "x", count: 9_000),
    ] {
      try repository.overwrite(".git/objects/info/alternates", Array(text.utf8))
      #expect(try await repository.source().read(inForce: nil).formation() == good)
    }
  }
}

/// One way to damage a repository.
enum Damage: String, CaseIterable {
  case commitMissing, commitEmpty, commitTruncated, commitFlipped, commitOfOtherContent
  case treeMissing, treeEmpty, treeTruncated, treeFlipped, treeOfOtherContent
  case folderTreeMissing, folderTreeFlipped, folderTreeOfOtherContent
  case manifestMissing, manifestEmpty, manifestTruncated, manifestFlipped, manifestOfOtherContent
  case slugBlobMissing
  case refToMissing, refGarbage, refEmpty, refLoop, refToBlob, refTooShort
  case headGarbage, headLoop, headMissing, headEmpty
  case packMissing, packTruncated, packEmpty, packFlipped, packHeaderWrong
  case indexMissing, indexTruncated, indexEmpty, indexFlipped
  case packedRefsGarbage, packedRefsTruncated, packedRefsToMissing
  case objectsMissing, configGarbage, formatUnknown

  var isPacked: Bool { rawValue.hasPrefix("pack") || rawValue.hasPrefix("index") }

  /// The kinds of problems that say it right.
  var kinds: Set<SourceProblem.Kind> {
    switch self {
    case .refToBlob, .packedRefsToMissing, .packedRefsTruncated, .packedRefsGarbage:
      [.corrupt, .missingRef, .emptyRepository]
    case .headMissing, .headEmpty, .headGarbage, .objectsMissing: [.corrupt, .noRepository]
    default: [.corrupt]
    }
  }

  func strike(_ repository: TestRepository) throws {
    switch self {
    case .commitMissing, .commitEmpty, .commitTruncated, .commitFlipped, .commitOfOtherContent:
      try strike(object: "HEAD", in: repository)
    case .treeMissing, .treeEmpty, .treeTruncated, .treeFlipped, .treeOfOtherContent:
      try strike(object: "HEAD^{tree}", in: repository)
    case .folderTreeMissing, .folderTreeFlipped, .folderTreeOfOtherContent:
      try strike(object: "HEAD:apps/other", in: repository)
    case .manifestMissing, .manifestEmpty, .manifestTruncated, .manifestFlipped,
      .manifestOfOtherContent:
      try strike(object: "HEAD:apps/other/app.yaml", in: repository)
    case .slugBlobMissing: try strike(object: "HEAD:apps/other/run", in: repository)
    case .packMissing, .packTruncated, .packEmpty, .packFlipped, .packHeaderWrong:
      try strike(file: repository.pack(".pack"), in: repository)
    case .indexMissing, .indexTruncated, .indexEmpty, .indexFlipped:
      try strike(file: repository.pack(".idx"), in: repository)
    default: try strikeRefs(repository)
    }
  }

  private func strikeRefs(_ repository: TestRepository) throws {
    let branch = ".git/refs/heads/main"
    let nowhere = String(repeating: "1", count: 40) + "\n"
    func put(_ file: String, _ text: String) throws {
      try repository.overwrite(file, Array(text.utf8))
    }
    switch self {
    case .refToMissing: try put(branch, nowhere)
    case .refGarbage: try put(branch, "\u{1}\u{2} no ref\n")
    case .refEmpty: try put(branch, "")
    case .refLoop:
      try put(branch, "ref: refs/heads/other\n")
      try put(".git/refs/heads/other", "ref: refs/heads/main\n")
    case .refToBlob: try put(branch, try repository.git("rev-parse", "HEAD:apps/shop/run") + "\n")
    case .refTooShort: try put(branch, "123456\n")
    case .headGarbage: try put(".git/HEAD", "nonsense\n")
    case .headLoop: try put(".git/HEAD", "ref: HEAD\n")
    case .headMissing: try repository.remove(".git/HEAD")
    case .headEmpty: try put(".git/HEAD", "")
    case .packedRefsGarbage: try put(".git/packed-refs", "nonsense without an id\n")
    case .packedRefsTruncated:
      let bytes = try repository.bytes(of: ".git/packed-refs")
      try repository.overwrite(".git/packed-refs", Array(bytes.prefix(bytes.count - 25)))
    case .packedRefsToMissing:
      try put(".git/packed-refs", nowhere.dropLast() + " refs/heads/main\n")
    case .objectsMissing: try repository.remove(".git/objects")
    case .configGarbage: try put(".git/config", "[core\n\u{0}= =\n")
    case .formatUnknown: try put(".git/config", "[core]\n\trepositoryformatversion = 99\n")
    default: break
    }
  }

  private func strike(object name: String, in repository: TestRepository) throws {
    let file = try repository.looseObject(name)
    guard rawValue.hasSuffix("OfOtherContent") else {
      return try strike(file: file, in: repository)
    }
    let other = try repository.looseObject("HEAD:apps/shop/run")
    try repository.overwrite(file, try repository.bytes(of: other))
  }

  private func strike(file: String, in repository: TestRepository) throws {
    var bytes = try repository.bytes(of: file)
    switch true {
    case rawValue.hasSuffix("Missing"): return try repository.remove(file)
    case rawValue.hasSuffix("Empty"): bytes = []
    case rawValue.hasSuffix("Truncated"): bytes = Array(bytes.prefix(bytes.count / 3))
    case rawValue.hasSuffix("HeaderWrong"): bytes.replaceSubrange(0..<4, with: Array("KCAP".utf8))
    default:
      for index in stride(from: bytes.count / 4, to: bytes.count, by: 7) { bytes[index] ^= 0x55 }
    }
    try repository.overwrite(file, bytes)
  }
}

/// One file, damaged at every place in turn.
enum Sweep: String, CaseIterable {
  case commitFlips, commitCuts, treeFlips, manifestFlips
  case packFlips, packCuts, indexFlips, indexCuts
  case branchFlips, headFlips, packedRefsFlips, packedRefsCuts
  case stageFlips, stageCuts

  var isPacked: Bool { rawValue.hasPrefix("pack") || rawValue.hasPrefix("index") }

  /// Reads what the file belongs to.
  func read(_ repository: TestRepository) async throws -> SourceReading {
    let source = try repository.source()
    return rawValue.hasPrefix("stage")
      ? await source.stagedFormation() : await source.read(inForce: nil)
  }

  func file(in repository: TestRepository) throws -> String {
    switch self {
    case .commitFlips, .commitCuts: try repository.looseObject("HEAD")
    case .treeFlips: try repository.looseObject("HEAD:apps")
    case .manifestFlips: try repository.looseObject("HEAD:apps/shop/app.yaml")
    case .packFlips, .packCuts: try repository.pack(".pack")
    case .indexFlips, .indexCuts: try repository.pack(".idx")
    case .branchFlips: ".git/refs/heads/main"
    case .stageFlips, .stageCuts: ".git/index"
    case .headFlips: ".git/HEAD"
    case .packedRefsFlips, .packedRefsCuts: ".git/packed-refs"
    }
  }

  func damages(of bytes: [UInt8]) -> [[UInt8]] {
    let places = stride(from: 0, to: bytes.count, by: max(1, bytes.count / 400))
    if rawValue.hasSuffix("Cuts") { return places.map { Array(bytes.prefix($0)) } }
    return places.map { index in
      var damaged = bytes
      damaged[index] ^= UInt8(truncatingIfNeeded: 1 << (index % 8))
      return damaged
    }
  }
}

extension TestRepository {
  /// The loose file of an object, from the repository's root.
  func looseObject(_ name: String) throws -> String {
    let id = try git("rev-parse", name)
    return ".git/objects/\(id.prefix(2))/\(id.dropFirst(2))"
  }

  /// The one pack's file with that ending.
  func pack(_ ending: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: path + "/.git/objects/pack")
    return ".git/objects/pack/" + (try #require(names.first { $0.hasSuffix(ending) }))
  }

  func bytes(of file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path + "/" + file)))
  }

  func remove(_ file: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + file)
  }

  /// Replaces a file, read-only ones too.
  func overwrite(_ file: String, _ bytes: [UInt8]) throws {
    let whole = path + "/" + file
    try? FileManager.default.removeItem(atPath: whole)
    try Data(bytes).write(to: URL(filePath: whole))
  }
}
