// Stacks of every kind, built and run.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct StackTests {
    /// A stack of that source, made ready; what building it came to.
    private func prepare(
      _ source: Stack.Source, shell: String = "/bin/sh", _ fixture: EmbeddedFixture
    ) async throws -> (StackReference, Outcome) {
      let name = try #require(CatalogName(rawValue: "mine"))
      let stack = Stack(name: name, source: source, shell: shell)
      let reference = try await StackResolver().resolve(stack)
      return (reference, await fixture.embedded.prepare(reference, progress: { _ in }))
    }

    /// A small root file system outside the state folder.
    private func rootFileSystem(_ fixture: EmbeddedFixture) throws -> String {
      let root = fixture.folder + "-root"
      try BusyboxStack.fill(root)
      try Files.write("mine\n".utf8, to: root + "/mark")
      return root
    }

    @Test func `a folder and an archive of it run dynos, and stay as they are`() async throws {
      try await withEmbedded { fixture, world in
        let root = try rootFileSystem(fixture)
        let archive = root + ".tar.gz"
        defer {
          try? Files.removeTree(root)
          unlink(archive)
        }
        try machine("tar", "-C", root, "-czf", archive, ".")
        for (ordinal, source) in [Stack.Source.folder(path: root), .archive(path: archive)]
          .enumerated()
        {
          let (stack, outcome) = try await prepare(source, fixture)
          #expect(outcome == .done)
          var other = world
          other.stack = stack
          try await other.run(other.id(.web, ordinal + 1), command: "cat /mark; id -un")
        }
        #expect(try await world.output(4).sorted() == ["dyno", "dyno", "mine", "mine"])
        #expect(!Files.exists(root + "/etc/passwd"))
      }
    }

    @Test func `a stack whose shell is missing fails before anything is recorded`() async throws {
      try await withEmbedded { fixture, world in
        let root = try rootFileSystem(fixture)
        defer { try? Files.removeTree(root) }
        let (stack, outcome) = try await prepare(.folder(path: root), shell: "/bin/zsh", fixture)
        #expect(outcome == .done)
        var other = world
        other.stack = stack
        guard case .failed(let failure) = try await other.start(other.id(), .runs) else {
          throw ContractFailure("started without a shell")
        }
        #expect(failure.code == "shell-missing")
        #expect(failure.retry == .withNewContent)
        #expect(try await world.observed().instances.isEmpty)
      }
    }

    @Test func `a stack cannot lead outside itself`() async throws {
      try await withEmbedded { fixture, _ in
        let root = fixture.folder + "-root"
        defer { try? Files.removeTree(root) }
        try Files.makeFolder(root)
        let victim = fixture.folder + "-victim"
        try Files.makeFolder(victim)
        defer { try? Files.removeTree(victim) }
        symlink(victim, root + "/etc")
        let (stack, outcome) = try await prepare(.folder(path: root), fixture)
        guard case .failed(let failure) = outcome else {
          throw ContractFailure("built a stack with /etc elsewhere")
        }
        #expect(failure.retry == .withNewContent)
        #expect(try Files.names(in: victim) == [])
        #expect(!fixture.embedded.stacks.content.has(stack.digest))
      }
    }

    @Test func `what changed since it was looked up is not built under the old digest`()
      async throws
    {
      try await withEmbedded { fixture, _ in
        let root = try rootFileSystem(fixture)
        defer { try? Files.removeTree(root) }
        let name = try #require(CatalogName(rawValue: "mine"))
        let stack = Stack(name: name, source: .folder(path: root), shell: "/bin/sh")
        let reference = try await StackResolver().resolve(stack)
        try Files.write("changed\n".utf8, to: root + "/mark")
        guard
          case .failed(let failure) = await fixture.embedded.prepare(
            reference, progress: { _ in })
        else { throw ContractFailure("built something else") }
        #expect(failure.retry == .afterObserving)
      }
    }

    @Test(.enabled(if: MachineTools.path(of: "mmdebstrap") != nil, "mmdebstrap is not installed"))
    func `a package that does not exist fails with the last lines`() async throws {
      try await withEmbedded { fixture, _ in
        let source = Stack.Source.debian(suite: "bookworm", packages: ["no-such-package-muster"])
        let (_, outcome) = try await prepare(source, fixture)
        guard case .failed(let failure) = outcome else {
          throw ContractFailure("built a package that does not exist")
        }
        #expect(failure.code == "stack-build-failed")
        #expect(failure.retry == .withNewContent)
        #expect(failure.message.contains("no-such-package-muster"))
        #expect(try Files.names(in: fixture.embedded.places.stacks) == [])
      }
    }

    @Test(.enabled(if: MachineTools.path(of: "mmdebstrap") != nil, "mmdebstrap is not installed"))
    func `a mirror that cannot be reached is asked again later`() async throws {
      try await withEmbedded { fixture, world in
        await world.prepare()
        let name = try #require(CatalogName(rawValue: "mine"))
        let source = Stack.Source.debian(suite: "bookworm", packages: ["no-such-package-muster"])
        let stack = try await StackResolver().resolve(
          Stack(name: name, source: source, shell: "/bin/sh"))
        let store = StackStore(
          fixture.embedded.places.stacks, mirrors: ["deb http://127.0.0.1:1/debian bookworm main"])
        let failure = #expect(throws: EffectFailure.self) {
          try store.prepare(stack, progress: { _ in })
        }
        #expect(failure?.code == "stack-build-failed")
        #expect(failure?.retry == .later)
        #expect(failure?.message.contains("127.0.0.1") == true)
        #expect(!store.content.has(stack.digest))
        #expect(
          try Files.names(in: fixture.embedded.places.stacks) == [fixture.stack.digest.rawValue])
      }
    }

    @Test(.enabled(if: MachineTools.path(of: "mmdebstrap") != nil, "mmdebstrap is not installed"))
    func `Debian's shells stop in order`() async throws {
      try await withEmbedded { fixture, world in
        for shell in ["/bin/sh", "/bin/bash"] {
          let source = Stack.Source.debian(suite: "bookworm", packages: [])
          let (stack, outcome) = try await prepare(source, shell: shell, fixture)
          #expect(outcome == .done)
          var other = world
          other.stack = stack
          for (index, stopping) in Stopping.all.enumerated() {
            let ordinal = index + (shell == "/bin/sh" ? 1 : 100)
            try await stopping.check(other, ordinal: ordinal)
          }
        }
      }
    }
  }
}
