// One app with one worker, as small as a formation can be.

import FormationModel
import Testing

enum Sample {
  static func name(_ text: String) throws -> CatalogName {
    try #require(CatalogName(rawValue: text))
  }

  static func catalog() throws -> Catalog {
    let size = DynoType(
      name: try name("standard-1x"), tier: .standard, memoryBytes: 512 << 20,
      memoryKillBytes: 1 << 30, cpuShare: 1, dedicatedCores: nil, processLimit: 256,
      sleeps: false, monthlyCents: nil)
    return Catalog(dynoTypes: [size.name: size])
  }

  static func formation() throws -> ResolvedFormation {
    let app = try #require(AppName(rawValue: "shop"))
    let type = try #require(ProcessType(rawValue: "worker"))
    let revision = Revision(
      id: RevisionID(rawValue: "c0ffee"), author: "Ada", subject: "First",
      committedAt: LoopTime(milliseconds: 0))
    var desired = DesiredApp(name: app, folder: "apps/shop", stack: try name("busybox"))
    desired.processes = [
      DesiredProcess(type: type, command: "work", quantity: 1, size: try name("standard-1x"))
    ]
    return ResolvedFormation(
      revision: revision, platform: Platform(catalog: try catalog()),
      apps: [ResolvedApp(app: desired, content: try content("content"))])
  }

  /// Content of one slug and one stack, under that digest.
  static func content(_ digest: String) throws -> ReleaseContent {
    let type = try #require(ProcessType(rawValue: "worker"))
    let stack = Stack(name: try name("busybox"), source: .busybox, shell: "/bin/sh")
    return ReleaseContent(
      digest: ContentDigest(rawValue: digest),
      slug: SlugReference(
        digest: ContentDigest(rawValue: "slug"), revision: RevisionID(rawValue: "c0ffee"),
        folder: "apps/shop"),
      stack: StackReference(stack: stack, digest: ContentDigest(rawValue: "stack")),
      commands: [ReleaseCommand(type: type, command: "work")], config: [])
  }
}
