// The state directory's disk gives out in the midst of a deploy: it is full, or what is written
// cannot be made to last. What Muster cannot write down it does not do.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct StateDiskTests {
    /// Bytes left when the deploy begins: it comes further with more.
    private static let free = [0, 16, 48, 96, 160, 256, 384, 512, 768, 1_024].map { $0 << 10 }

    @Test func `on a full disk nothing is done that is not written down`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      let disk = try SmallDisk(at: platform.state, megabytes: 32)
      defer {
        platform.dynos.sweep()
        disk.unmount()
      }
      try platform.writeQuick()
      try platform.commit()
      try platform.converge()
      var refused = 0
      for (number, free) in Self.free.enumerated() {
        let point = "\(free >> 10) KB left"
        let deploy = Deploy(platform, number + 2, point)
        try deploy.ask()
        try disk.fill(leaving: free)
        let answer = try platform.muster("reconcile")
        if answer.code != 0 {
          refused += 1
          #expect(answer.text.contains(#/[Nn]o space left|free space/#), "\(point): \(answer)")
        }
        try deploy.expectHonest()
        try disk.drain()
        try deploy.goOn()
      }
      #expect(refused >= 3, "the disk was full too seldom")
      print("deploys that met a full disk: \(refused) of \(Self.free.count)")
    }

    @Test func `a disk that fills while dynos are replaced`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      let disk = try SmallDisk(at: platform.state, megabytes: 32)
      defer {
        platform.dynos.sweep()
        disk.unmount()
      }
      try platform.writeQuick(web: 3, worker: 3)
      try platform.commit()
      try platform.converge()
      let deploy = Deploy(platform, 2, "full in the midst", web: 3, worker: 3)
      try deploy.ask()
      // Where it does not end by itself, it goes on trying until somebody makes room.
      let running = try Running(
        MusterProgram.path, ["reconcile", "--timeout", "15s"], platform.variables,
        in: platform.folder)
      #expect(eventually { platform.dynos.processes.keys.contains { $0.contains(".v2.") } })
      try disk.fill(leaving: 0)
      let answer = try running.wait()
      #expect(answer.code != nil, "\(answer)")
      try deploy.expectHonest()
      try disk.drain()
      try deploy.goOn()
    }

    @Test func `on a disk that is nearly full a new release waits, and repair goes on`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      let disk = try SmallDisk(at: platform.state, megabytes: 1_100)
      defer {
        platform.dynos.sweep()
        disk.unmount()
      }
      try platform.writeQuick()
      try platform.commit()
      try platform.converge()
      let deploy = Deploy(platform, 2, "nearly full")
      try deploy.ask()
      try disk.fill(leaving: 30 << 20)
      let held = try platform.muster("reconcile")
      #expect(held.code == 3 && held.output.contains("a new release waits"), "\(held)")
      let web = try #require(platform.dynos.processes.first { $0.key.contains("web") })
      for process in web.value { kill(process, SIGKILL) }
      #expect(eventually { platform.dynos.processes[web.key] == nil })
      #expect(try platform.muster("reconcile").code == 3)
      #expect(try platform.ps().allSatisfy { $0.state == "up" && $0.release == 1 })
      try disk.drain()
      try deploy.goOn()
    }

    private static let strace = "/usr/bin/strace"

    /// From the n-th call of each of its threads on, nothing that Muster wants to last does.
    @Test(.enabled(if: access(strace, X_OK) == 0, "strace is not installed"))
    func `when nothing can be made to last, nothing is done`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.writeQuick()
      try platform.commit()
      try platform.converge()
      var number = 0
      var code: Int32?
      while code != 0 {
        number += 1
        try #require(number < 60, "it has no end")
        let deploy = Deploy(platform, number + 1, "fsync \(number) and all after it fail")
        try deploy.ask()
        let trace = platform.folder + "/trace"
        let calls = "fsync,fdatasync"
        // Its children are let go as they begin: the fault is Muster's alone.
        let answer = try MusterProgram.run(
          Self.strace,
          ["-f", "-qq", "-b", "execve", "-o", trace, "-e", "trace=\(calls)"]
            + ["-e", "inject=\(calls):error=EIO:when=\(number)+", MusterProgram.path, "reconcile"],
          platform.variables, in: platform.folder)
        code = answer.code
        let hasFailed = OwnDynos.text(trace)?.contains("INJECTED") == true
        #expect(hasFailed || code == 0, "\(number): \(answer)")
        try deploy.expectHonest()
        try deploy.goOn()
      }
      print("deploys in which an fsync failed: \(number - 1)")
      #expect(number > 4, "a deploy has more of them than that")
    }
  }
}

/// One release, brought about on a disk that gives out.
private struct Deploy {
  private let platform: PlatformFixture
  private let number: Int
  private let point: String
  private let (web, worker): (Int, Int)
  private let before: [String: Int32]

  init(_ platform: PlatformFixture, _ number: Int, _ point: String, web: Int = 1, worker: Int = 1) {
    self.platform = platform
    self.number = number
    self.point = point
    (self.web, self.worker) = (web, worker)
    before = platform.dynos.firstProcesses
  }

  private var end: Formation {
    let names = (1...web).map { "tiny web.\($0)" } + (1...worker).map { "tiny worker.\($0)" }
    return Formation(uniqueKeysWithValues: names.map { ($0, number) })
  }

  func ask() throws {
    try platform.writeQuick(greeting: "number \(number)", web: web, worker: worker)
    try platform.commit()
  }

  /// What runs has a record, nothing is doubled, and what has no successor goes on.
  func expectHonest() throws {
    platform.expectNoneDoubled(point)
    let now = platform.dynos.firstProcesses
    #expect(platform.dynos.monitors.count <= platform.dynos.records.count, "\(point)")
    let successors = Set(platform.processes(of: end).keys.compactMap { InstanceName($0)?.dyno })
    for (id, process) in before.sorted(by: { $0.key < $1.key }) where now[id] != process {
      let dyno = try #require(InstanceName(id)).dyno
      // A worker is stopped first: it may be gone for its successor that could not be written down.
      guard dyno.hasPrefix("web.") else { continue }
      #expect(successors.contains(dyno), "\(point): \(id) is gone, and nothing is in its place")
    }
  }

  /// The disk is whole again: the next Muster goes on, and leaves alone what was right.
  func goOn() throws {
    let right = platform.processes(of: end)
    try platform.converge("\(point), then whole again")
    platform.expectWhole(end, point)
    platform.expectUntouched(right, point)
    try platform.expectNoChanges(point)
  }
}

/// A small file system in memory.
struct SmallDisk {
  private let folder: String
  private var ballast: String { folder + "/ballast" }

  init(at folder: String, megabytes: Int) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let mounted = try MusterProgram.run(
      "/usr/bin/mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=700", "none", folder])
    try #require(mounted.code == 0, "\(mounted)")
  }

  /// Takes all of it but so many bytes.
  func fill(leaving free: Int) throws {
    var numbers = statvfs()
    try #require(statvfs(folder, &numbers) == 0)
    let there = Int(numbers.f_bavail) * Int(numbers.f_frsize)
    let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    if there > free { _ = posix_fallocate(descriptor, 0, off_t(there - free)) }
  }

  /// Gives it back.
  func drain() throws { try FileManager.default.removeItem(atPath: ballast) }

  /// Ends it, whoever still has a file of it open.
  func unmount() { _ = try? MusterProgram.run("/usr/bin/umount", ["-l", folder]) }
}
