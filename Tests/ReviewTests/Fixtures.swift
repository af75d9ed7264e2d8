// Values that the tests of this folder render.

import FormationModel
import Planning
import Review
import Testing

/// A config var's value that no output may contain.
let canary = "canary-value-7b1f"

func app(_ name: String) throws -> AppName { try #require(AppName(rawValue: name)) }
func type(_ name: String) throws -> ProcessType { try #require(ProcessType(rawValue: name)) }
func name(_ name: String) throws -> CatalogName { try #require(CatalogName(rawValue: name)) }

/// `storefront/web.1`.
func slot(_ text: String) throws -> SlotID {
  let parts = text.split { $0 == "/" || $0 == "." }.map(String.init)
  return SlotID(try app(parts[0]), try type(parts[1]), try #require(Int(parts[2])))
}

func instance(_ text: String, release: Int = 1, attempt: Int = 1) throws -> InstanceID {
  InstanceID(slot: try slot(text), release: release, attempt: attempt)
}

func time(_ seconds: Int64) -> LoopTime { LoopTime(milliseconds: seconds * 1000) }

/// 2026-01-31 11:00:00 UTC.
let noon = time(1_769_857_200)

let ada = Revision(
  id: RevisionID(rawValue: "4e8d2a7c1f2b3d4e5f60718293a4b5c6d7e8f901"), author: "Ada",
  subject: "Scale", committedAt: noon)

func change(_ field: String, _ from: String, _ to: String) -> FieldChange {
  FieldChange(FieldPath(field), from: from, to: to)
}

func exit(_ code: Int?, outOfMemory: Bool = false) -> InstanceExit {
  InstanceExit(code: code, at: noon, requested: false, outOfMemory: outOfMemory)
}

func because(_ change: FieldChange, _ file: String, _ line: Int) -> Because {
  Because(change, at: SourceMark(file: file, line: line, column: 3))
}

/// A catalog with one stack and two sizes.
func catalog() throws -> Catalog {
  var catalog = Catalog()
  for (size, memory, cents) in [("standard-1x", 512, 2500), ("standard-2x", 1024, 5000)] {
    let bytes = Int64(memory) << 20
    catalog.dynoTypes[try name(size)] = DynoType(
      name: try name(size), tier: .standard, memoryBytes: bytes, memoryKillBytes: 2 * bytes,
      cpuShare: memory / 512, dedicatedCores: nil, processLimit: memory / 2, sleeps: false,
      monthlyCents: cents)
  }
  let busybox = try name("busybox")
  catalog.stacks[busybox] = Stack(name: busybox, source: .busybox, shell: "/bin/sh")
  return catalog
}

/// Three releases, the second of which was left.
func keptReleases() throws -> [ReleaseStanding] {
  let stack = Stack(name: try name("busybox"), source: .busybox, shell: "/bin/sh")
  let content = { (slug: String) in
    ReleaseContent(
      digest: ContentDigest(rawValue: slug),
      slug: SlugReference(
        digest: ContentDigest(rawValue: slug), revision: RevisionID(rawValue: "c0ffee"),
        folder: ""),
      stack: StackReference(stack: stack, digest: ContentDigest(rawValue: "s")), commands: [],
      config: [])
  }
  var app = AppMemory()
  app.releases = ["a", "b", "c"].enumerated().map { index, slug in
    Release(
      number: index + 1, content: content(slug), revision: RevisionID(rawValue: "c0ffee"),
      recordedAt: noon, summary: "slug changed")
  }
  app.overrides.heldContents = [
    HeldContent(
      content("b"), release: 2, back: 1, .rolledBack, origin: OrderOrigin(by: "ada", at: noon))
  ]
  let all = ReleaseStanding.all(of: app)
  #expect(all.map(\.status) == [.pending, .held, .past])
  return all
}
