// What other users of the machine can read of dynos: nothing, even where they may pass through the
// state folder.

import ChildProcesses
import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct PrivacyTests {
    @Test func `records and bundles are for root alone`() async throws {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, command: "sleep 1000", config: ["SECRET": "s3cret-canary"])
        let folder = InstanceFolder(id, in: fixture.embedded.places)
        for file in [folder.record, folder.path + "/config.json"] {
          #expect(Files.status(file)?.st_mode == S_IFREG | 0o600)
        }
        #expect(Files.status(fixture.embedded.places.instances)?.st_mode == S_IFDIR | 0o700)
        #expect(Files.text(folder.record)?.contains("s3cret-canary") == false)
        for name in try Files.names(in: "/proc") ?? [] {
          guard let pid = pid_t(name) else { continue }
          #expect(!ProcessTable.arguments(of: pid).joined().contains("s3cret-canary"))
        }
      }
    }

    @Test(arguments: [mode_t(0o755), 0o711, 0o750])
    func `whoever may pass through the state folder gets no further`(_ mode: mode_t) async throws {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, command: "echo started; exec sleep 1000")
        _ = try await world.output(1)
        let places = fixture.embedded.places
        #expect(chmod(places.state, mode) == 0)
        for name in try Files.names(in: places.state) ?? [] {
          let bits = try #require(Files.status("\(places.state)/\(name)")).st_mode
          #expect(bits & 0o077 == 0, "\(name): \(String(bits, radix: 8))")
        }
        let slug = fixture.embedded.slugs.content.folder(world.slug.reference.digest)
        let stack = fixture.embedded.stacks.content.folder(fixture.stack.digest)
        let folder = InstanceFolder(id, in: places).path
        let logs = LogFolder(path: places.logs, policy: LogPolicy())
        for file in [
          slug + "/hello.txt", stack + "/etc/passwd", folder + "/hosts", folder + "/config.json",
          logs.file(id),
        ] {
          #expect(Files.exists(file))
          // As somebody, and as the very user that dynos run as.
          for user in ["65534", "\(DynoUser.id)"] {
            #expect(try readAs(user, file) != 0, "\(user) can read \(file)")
          }
        }
        // The dyno itself is not locked out.
        try await world.run(world.id(.web, 2), command: "cat hello.txt /etc/passwd")
        let app = try #require(id.slot.app)
        try await eventually("the dyno reads its files") {
          try await world.runtime.logs(LogQuery(app: app, count: 100)).contains {
            $0.text == "hello"
          } ? true : nil
        }
      }
    }

    private func readAs(_ user: String, _ file: String) throws -> Int {
      let setpriv = try #require(MachineTools.path(of: "setpriv"))
      let options = ["--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
      return try Command(setpriv, options + ["cat", file]).run().code
    }
  }
}
