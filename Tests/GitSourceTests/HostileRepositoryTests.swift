// Addresses, refs and repositories that want to run something or to show a secret.

import Effects
import FormationModel
import Foundation
import GitSource
import Glibc
import Testing

@Suite struct HostileRepositoryTests {
  @Test(arguments: [
    "ext::sh -c touch% marker", "fd::17", "-u", "--upload-pack=touch x", "git://example.com/x",
    "http://example.com/x", "ftp://example.com/x", "ssh://-oProxyCommand=x/y",
    "ssh://user@-oProxyCommand=x/y", "ssh://-o@host/y", "https://:443/x", "https:///x",
    "https://host:99999/x", "https://host:x/y", "https://host/x\u{0}y", "https://host/x\ny",
    "https://host/%0ay", "https://host", "https://host/", "file://host/x", "file://",
    "https://h/x?y",
    "https://h/x#y", "host:path", "user@host:path/x.git", "", "file:///x\u{202E}y", "ext::x://y",
    "https://ho st/x", "https://h\\x/y", "transport::https://host/x", "ssh://us er@host/x",
  ])
  func `an address that is not one of the four kinds is refused`(_ text: String) {
    #expect {
      try GitAddress(text, relativeTo: "/folder")
    } throws: { error in
      (error as? SourceProblem)?.kind == .refusedAddress
    }
  }

  @Test(arguments: [
    "https://user:hunter2@example.com/x", "https://hunter2@example.com/x",
    "ssh://git:hunter2@example.com/x", "HTTPS://a:hunter2@b@c/x", "http://a:hunter2@b/x",
    "https://a:hunter2@b:99999/x?y", "foo://hunter2@x/y",
  ])
  func `credentials are refused and not repeated`(_ text: String) {
    #expect {
      try GitAddress(text, relativeTo: "/folder")
    } throws: { error in
      guard let problem = error as? SourceProblem else { return false }
      return !"\(problem)".contains("hunter2") && problem.kind == .refusedAddress
    }
  }

  @Test func `ssh's short form gets the long one as advice`() throws {
    #expect {
      try GitAddress("git@example.com:team/x.git", relativeTo: "/folder")
    } throws: { error in
      (error as? SourceProblem)?.fix?.contains("ssh://git@example.com/team/x.git") == true
    }
  }

  @Test func `paths and the three schemes are taken`() throws {
    func taken(_ text: String) throws -> GitAddress { try GitAddress(text, relativeTo: "/folder") }
    #expect(try taken("x/y") == .local(path: "/folder/x/y"))
    #expect(try taken(".") == .local(path: "/folder"))
    #expect(try taken("./a:b/") == .local(path: "/folder/a:b"))
    #expect(try taken("/x//y/.") == .local(path: "/x/y"))
    #expect(try taken("HTTPS://example.com/x") == .remote(url: "https://example.com/x"))
    #expect(try taken("ssh://git@[::1]:22/x") == .remote(url: "ssh://git@[::1]:22/x"))
    #expect(try taken("file:///x/y.git").name == "y")
    #expect(try taken("https://example.com:8443/a/b.git").name == "b")
  }

  @Test func `hooks, filters and settings of a repository run nothing`() async throws {
    let repository = try TestRepository()
    let marker = repository.folder + "/marker"
    let run = "touch '\(marker)'"
    let hooks = repository.path + "/.git/hooks"
    for hook in ["pre-auto-gc", "post-checkout", "reference-transaction", "post-index-change"] {
      try repository.write(".git/hooks/\(hook)", "#!/bin/sh\n\(run)\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: hooks + "/" + hook)
    }
    for (key, value) in [
      ("core.fsmonitor", run), ("core.sshCommand", run), ("core.pager", run), ("core.editor", run),
      ("uploadpack.packObjectsHook", run), ("filter.evil.smudge", run), ("filter.evil.clean", run),
      ("filter.evil.process", run), ("credential.helper", "!\(run)"), ("core.gitProxy", run),
      ("core.alternateRefsCommand", run), ("core.worktree", "/"), ("protocol.ext.allow", "always"),
      ("diff.external", run), ("core.askPass", run), ("gpg.program", run),
    ] { try repository.git("config", "--local", key, value, in: repository.path) }
    try repository.write(".gitattributes", "* filter=evil diff=evil\n")
    try repository.write("apps/shop/Procfile", "web: ./changed\n")
    for address in [repository.path, "file://" + repository.path] {
      let source = try repository.source(address)
      let sourced = try await source.read(inForce: nil).formation()
      _ = await source.formation(at: "HEAD")
      _ = await source.worktreeFormation()
      _ = await source.stagedFormation()
      _ = await source.uncommittedChanges()
      let target = repository.folder + "/slug-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
      try await source.write(sourced.slug("shop"), into: target)
    }
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test func `a local repository is left as it was, to the byte`() async throws {
    let repository = try TestRepository()
    try repository.write("apps/shop/Procfile", "web: ./changed\n")
    let before = try repository.snapshot()
    let source = try repository.source()
    _ = try await source.read(inForce: nil).formation()
    _ = try await source.worktreeFormation().formation()
    _ = try await source.stagedFormation().formation()
    #expect(await source.uncommittedChanges() == ["apps/shop/Procfile"])
    _ = await source.newestCommit(
      touching: "apps/shop/Procfile", of: nil, in: try repository.head(), since: nil)
    #expect(try repository.snapshot() == before)
  }

  @Test func `trees that git would not make are refused`() async throws {
    for name in ["..", ".", "a/b"] {
      let repository = try TestRepository()
      let blob = try repository.git("hash-object", "-w", "apps/shop/Procfile")
      try repository.plantTree([("100644", name, blob)])
      let problem = try await repository.source().read(inForce: nil).problem()
      #expect(problem.kind == .corrupt, "\(name)")
      let remote = try await repository.source("file://" + repository.path).read(inForce: nil)
      #expect([.corrupt, .unreachable].contains(try remote.problem().kind), "\(name)")
    }
    let repository = try TestRepository()
    let blob = try repository.git("hash-object", "-w", "apps/shop/Procfile")
    try repository.plantTree([("100644", "x", blob), ("120000", "x", blob)])
    #expect(try await repository.source().read(inForce: nil).problem().kind == .corrupt)
  }
}

extension TestRepository {
  /// Every file below the repository with its size and its time of change.
  func snapshot() throws -> [String: String] {
    var files: [String: String] = [:]
    for name in FileManager.default.enumerator(atPath: path)?.compactMap({ $0 as? String }) ?? [] {
      var status = stat()
      guard lstat(path + "/" + name, &status) == 0 else { continue }
      files[name] = "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    }
    return files
  }

  /// Makes the branch's commit have a root tree of exactly these entries, well-formed or not.
  func plantTree(_ entries: [(mode: String, name: String, id: String)]) throws {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes += Array("\(entry.mode) \(entry.name)\0".utf8)
      let hex = Array(entry.id)
      bytes += stride(from: 0, to: hex.count, by: 2).compactMap { index in
        UInt8(String(hex[index...(index + 1)]), radix: 16)
      }
    }
    let file = folder + "/planted"
    try Data(bytes).write(to: URL(filePath: file))
    let tree = try git("hash-object", "--literally", "-t", "tree", "-w", file)
    let commit = try git("commit-tree", "-m", "planted", tree)
    try git("update-ref", "refs/heads/main", commit)
  }
}
