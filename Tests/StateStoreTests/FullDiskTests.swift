// A full disk: one clear error, nothing lost, and work goes on when there is space again. Uses a
// small file system in memory, so it needs root.

import Effects
import FormationModel
import Foundation
import Glibc
import StateStore
import Testing

@Suite(.serialized) struct FullDiskTests {
  @Test func `a full disk fails a commit and loses none before it`() async throws {
    guard let disk = try Disk(kilobytes: 1024) else { return }
    defer { disk.unmount() }
    let folder = try StateFolder.open(path: disk.state, mode: .readWrite)
    let lock = try folder.lock(command: "test", at: now)
    _ = try folder.identity()
    let store = try folder.store(holding: lock)
    #expect(await store.apply([.confirm(HoldID("first"))], at: now, releasesKept: 1) == .done)
    try disk.fill()
    var (committed, found): (Set<HoldID>, EffectFailure?) = ([HoldID("first")], nil)
    for number in 0..<500 where found == nil {
      let hold = HoldID("hold-\(number)-\(String(repeating: "x", count: 2000))")
      found = await store.apply([.confirm(hold)], at: now, releasesKept: 1).failure
      if found == nil { committed.insert(hold) }
    }
    #expect(found?.code == "disk-full")
    #expect(found?.retry == .whenMachineIsMended)
    #expect(try await store.load().confirmed == committed)
    try disk.drain()
    #expect(await store.apply([.confirm(HoldID("last"))], at: now, releasesKept: 1) == .done)
    #expect(try await store.load().confirmed == committed.union([HoldID("last")]))
  }

  @Test func `secrets, identity and binding are whole or not there`() async throws {
    guard let disk = try Disk(kilobytes: 256) else { return }
    defer { disk.unmount() }
    let folder = try StateFolder.open(path: disk.state, mode: .readWrite)
    let secret = try SecretID("shop", "KEY")
    let binding = Binding(repository: "/r", ref: nil, environment: nil, runtime: "embedded")
    #expect(await folder.secrets().generate([try SecretID("shop", "FIRST")]) == .done)
    try FileManager.default.removeItem(atPath: disk.state + "/secrets/shop/FIRST")
    try disk.fill()
    #expect(await folder.secrets().generate([secret]).failure?.code == "disk-full")
    #expect(await failure { try folder.binding.bind(binding) }?.code == "disk-full")
    #expect(await failure { _ = try folder.adopt() }?.code == "disk-full")
    #expect(try await folder.secrets().all().isEmpty)
    #expect(try folder.binding.read() == nil)
    // The lock must work: what frees space takes it.
    let lock = try folder.lock(command: "muster gc", at: now)
    #expect(lock.isHeld)
    try disk.drain()
    _ = try folder.adopt()
    try folder.binding.bind(binding)
    #expect(await folder.secrets().generate([secret]) == .done)
  }

  @Test func `the reserve is held, given back, and refused where there is no space`() async throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reserve = try scratch.folder().reserve
    #expect(!reserve.isHeld)
    try reserve.hold()
    try reserve.hold()
    #expect(reserve.isHeld)
    #expect(try scratch.bytes("state/reserve").count == Int(Reserve.bytes))
    try reserve.release()
    try reserve.release()
    #expect(!reserve.isHeld && !scratch.exists("state/reserve"))
    guard let disk = try Disk(kilobytes: 256) else { return }
    defer { disk.unmount() }
    let small = try StateFolder.open(path: disk.state, mode: .readWrite).reserve
    #expect(await failure { try small.hold() }?.code == "disk-full")
    #expect(!FileManager.default.fileExists(atPath: disk.state + "/reserve"))
  }
}

/// A small file system of one test.
final class Disk {
  private let scratch: Scratch
  let mountPoint: String

  /// nil, with the reason printed, where nothing can be mounted.
  init?(kilobytes: Int) throws {
    scratch = try Scratch()
    mountPoint = "\(scratch.path)/disk"
    try #require(mkdir(mountPoint, 0o700) == 0)
    guard mount("tmpfs", mountPoint, "tmpfs", 0, "size=\(kilobytes)k,mode=0700") == 0 else {
      print("not run: mounting a small disk needs root (\(String(cString: strerror(errno))))")
      return nil
    }
  }

  /// Ends it, whoever still has a file of it open.
  func unmount() { umount2(mountPoint, Int32(MNT_DETACH)) }

  var state: String { "\(mountPoint)/state" }

  /// Takes all space that is left.
  func fill() throws {
    let descriptor = open("\(mountPoint)/ballast", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let block = [UInt8](repeating: 7, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
    try #require(errno == ENOSPC)
  }

  /// Gives it back.
  func drain() throws { try FileManager.default.removeItem(atPath: "\(mountPoint)/ballast") }
}
