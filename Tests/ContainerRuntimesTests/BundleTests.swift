// What every bundle has, whatever the spec.

import FormationModel
import Testing

@testable import ContainerRuntimes

@Suite struct BundleTests {
  private func spec(command: String = "serve", process: ProcessType = .web) throws -> InstanceSpec {
    let app = try #require(AppName(rawValue: "shop"))
    let digest = ContentDigest(rawValue: "abcdef012345")
    let stack = Stack(
      name: try #require(CatalogName(rawValue: "busybox")), source: .busybox, shell: "/bin/sh")
    let size = DynoType(
      name: stack.name, tier: .eco, memoryBytes: 512 << 20, memoryKillBytes: 1 << 30,
      cpuShare: 4, dedicatedCores: nil, processLimit: 256, sleeps: true, monthlyCents: nil)
    let content = ReleaseContent(
      digest: digest,
      slug: SlugReference(digest: digest, revision: RevisionID(rawValue: "c0ffee"), folder: ""),
      stack: StackReference(stack: stack, digest: digest), commands: [], config: [])
    let desired = DesiredProcess(type: process, command: command, quantity: 1, size: size.name)
    return InstanceSpec(
      id: InstanceID(slot: SlotID(app, process, 1), release: 3, attempt: 1), content: content,
      command: command, size: size, stopTimeout: .seconds(30), tcpPort: nil, crashes: 0,
      form: InstanceForm(content: content, process: desired, size: size))
  }

  private func bundle(
    _ spec: InstanceSpec, countsSwap: Bool = true, swapMegabytes: Int64 = 4096
  ) throws -> Bundle {
    Bundle(
      spec, environment: [],
      sources: Bundle.Sources(stack: "/s", slug: "/g", instance: "/i"), cgroup: "/muster-m/m1",
      machine: Bundle.Machine(
        countsSwap: countsSwap, swapBytes: swapMegabytes << 20, openFiles: 4096,
        diskBytes: 40 << 30),
      seccomp: try #require(SeccompProfile.dyno))
  }

  @Test func `every dyno is hardened`() throws {
    let bundle = try bundle(spec())
    let capabilities = bundle.process.capabilities
    #expect(bundle.process.noNewPrivileges)
    #expect(bundle.process.user.uid == DynoUser.id)
    #expect(capabilities.count == 5)
    #expect(capabilities.values.allSatisfy { $0.isEmpty })
    #expect(bundle.root.readonly)
    #expect(Set(bundle.linux.namespaces.map(\.type)) == ["pid", "network", "ipc", "uts", "mount"])
    #expect(bundle.linux.resources.devices.allSatisfy { !$0.allow })
    #expect(bundle.process.rlimits.map(\.hard) == [4096, 0, 5 << 30])
    let binds = bundle.mounts.filter { $0.type == "bind" }
    #expect(binds.allSatisfy { $0.source.hasPrefix("/i/") && $0.options.contains("nosuid") })
  }

  @Test func `limits are those of the dyno type`() throws {
    let resources = try bundle(spec()).linux.resources
    #expect(resources.memory == Bundle.Memory(limit: 512 << 20, swap: 1 << 30))
    #expect(resources.cpu.shares == 4096)
    #expect(resources.pids.limit == 256)
  }

  @Test(arguments: [
    // With swap a dyno pages beyond its memory, and is killed at the ceiling.
    (true, Int64(4096), Int64(512), Int64?(1024)), (true, 512, 512, 1024),
    // Without, or with less than it takes, it is killed at the ceiling all the same, not below it.
    (true, 511, 1024, 1024), (true, 0, 1024, 1024),
    (false, 4096, 1024, nil),
  ])
  func `no dyno is killed below its ceiling`(
    _ countsSwap: Bool, _ swapMegabytes: Int64, _ limit: Int64, _ both: Int64?
  ) throws {
    let bundle = try bundle(spec(), countsSwap: countsSwap, swapMegabytes: swapMegabytes)
    let expected = Bundle.Memory(limit: limit << 20, swap: both.map { $0 << 20 })
    #expect(bundle.linux.resources.memory == expected)
  }

  @Test func `swap is read from the kernel's table`() {
    #expect(SwapSpace.bytes("MemTotal: 1 kB\nSwapTotal:      2048 kB\nSwapFree: 1 kB\n") == 2 << 20)
    #expect(SwapSpace.bytes("SwapTotal:\n") == 0)
    #expect(SwapSpace.bytes("") == 0)
  }

  @Test func `the temporary folder is bounded, and kept in the dyno's own memory`() throws {
    let mount = try #require(try bundle(spec()).mounts.first { $0.destination == "/tmp" })
    #expect(mount.type == "tmpfs")
    #expect(mount.options.contains("size=262144k"))
    #expect(mount.options.contains("nr_inodes=65536"))
    #expect(mount.options.contains("nosuid"))
  }

  @Test(arguments: [
    (Int64(1) << 40, UInt64(16) << 30), (80 << 30, 10 << 30), (1 << 20, 64 << 20),
    (0, 64 << 20),
  ])
  func `a file's bound is a share of the disk`(_ disk: Int64, _ expected: UInt64) {
    let machine = Bundle.Machine(countsSwap: true, swapBytes: 0, openFiles: 1, diskBytes: disk)
    #expect(machine.fileBytes == expected)
  }

  @Test func `the command is one argument, as it is`() throws {
    let command = "a && b \"$(c)\" ; 'd'\n--e"
    let arguments = try bundle(spec(command: command)).process.args
    #expect(arguments.last == command)
    #expect(arguments.filter { $0.contains("$(c)") } == [command])
    #expect(arguments.first == "/bin/sh")
  }

  @Test func `a long process type fits a host name`() throws {
    let long = try #require(ProcessType(rawValue: String(repeating: "w", count: 128)))
    #expect(try bundle(spec(process: long)).hostname.utf8.count == 63)
  }

  @Test func `the platform's variables win, and a NUL is refused`() throws {
    let key = try #require(ConfigKey(rawValue: "DYNO"))
    let path = try #require(ConfigKey(rawValue: "PATH"))
    let variables = try DynoEnvironment.variables(
      spec(), config: [key: ConfigValue("mine"), path: ConfigValue("/app/bin")])
    #expect(variables.contains("DYNO=web.1"))
    #expect(variables.contains("PATH=/app/bin"))
    #expect(variables.contains("PORT=8080"))
    let failure = #expect(throws: EffectFailure.self) {
      try DynoEnvironment.variables(spec(), config: [key: ConfigValue("a\u{0}b")])
    }
    #expect(failure?.retry == .withNewContent)
    #expect(failure?.message.contains("a\u{0}b") == false)
  }
}
