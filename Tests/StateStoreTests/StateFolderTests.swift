// Which folders are taken as a state directory, and what reading leaves as it was.

import Effects
import FormationModel
import Foundation
import Glibc
import StateStore
import Testing

@Suite struct StateFolderTests {
  // A property: it lives as long as the test, whatever the optimiser thinks.
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func `a missing folder is made with its parents, closed to others`() throws {
    let folder = try StateFolder.open(path: "\(scratch.path)/a/b/state", mode: .readWrite)
    #expect(folder.exists)
    #expect(try scratch.mode("a/b/state") == 0o700)
  }

  @Test func `an empty folder is taken and closed to others`() throws {
    try #require(mkdir(scratch.state, 0o755) == 0)
    _ = try scratch.folder()
    #expect(try scratch.mode("state") == 0o700)
  }

  @Test func `a missing folder is an empty memory to a reader, and stays missing`() async throws {
    let folder = try StateFolder.open(path: scratch.state, mode: .readOnly)
    #expect(!folder.exists)
    #expect(try folder.existingIdentity() == nil)
    #expect(try folder.binding.read() == nil)
    #expect(try await folder.store().load() == Memory())
    #expect(try await folder.store().events(app: nil, count: 5).isEmpty)
    #expect(try folder.digests() is KeylessDigests)
    #expect(await failure { _ = try folder.identity() }?.code == "state-read-only")
    #expect(!scratch.exists("state"))
  }

  @Test func `a reader changes nothing, with a writer at work and without`() async throws {
    var writer: SQLiteStore? = try scratch.store()
    _ = await writer?.apply([.confirm(HoldID("a"))], at: now, releasesKept: 1)
    #expect(scratch.exists("state/muster.sqlite-wal"))
    var before = try scratch.snapshot()
    #expect(try await scratch.readOnlyMemory().confirmed == [HoldID("a")])
    #expect(try scratch.snapshot() == before)
    writer = nil
    #expect(!scratch.exists("state/muster.sqlite-wal"))
    before = try scratch.snapshot()
    #expect(try await scratch.readOnlyMemory().confirmed == [HoldID("a")])
    #expect(try scratch.snapshot() == before)
  }

  @Test func `readers see whole commits while a writer is at work`() async throws {
    let store = try scratch.store()
    let writing = Task {
      for number in 0..<200 {
        let pair = [HoldID("a\(number)"), HoldID("b\(number)")].map(MemoryChange.confirm)
        guard await store.apply(pair, at: now, releasesKept: 1) == .done else { return false }
      }
      return true
    }
    for _ in 0..<30 {
      let memory = try await scratch.readOnlyMemory()
      #expect(memory.confirmed.count.isMultiple(of: 2))
    }
    #expect(await writing.value)
  }

  @Test func `readers get an answer while writers come and go`() async throws {
    // Another process: within one, SQLite would share the reader's own view of log and index.
    do {
      let store = try scratch.store()
      #expect(await store.apply([.confirm(HoldID("a"))], at: now, releasesKept: 1) == .done)
    }
    let script = """
      import sqlite3, sys
      for number in range(300):
          database = sqlite3.connect(sys.argv[1], isolation_level=None)
          database.execute("INSERT INTO events (at, reason, message) VALUES (1, 'Test', ?)", ["x"])
          database.close()
      """
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    writer.arguments = ["-c", script, "\(scratch.state)/muster.sqlite"]
    do { try writer.run() } catch { return print("not run: python3 is not there (\(error))") }
    defer {
      if writer.isRunning { writer.terminate() }
      writer.waitUntilExit()
    }
    var (seen, rounds) = (0, 0)
    while writer.isRunning || rounds < 10 {
      rounds += 1
      let store = try scratch.folderForReading().store()
      let count = try await store.events(app: nil, count: 1000).count
      #expect(count >= seen)
      #expect(try await store.load().confirmed == [HoldID("a")])
      seen = count
    }
    writer.waitUntilExit()
    #expect(writer.terminationStatus == 0)
    let store = try scratch.folderForReading().store()
    #expect(try await store.events(app: nil, count: 1000).count == 300)
  }

  @Test func `a database copied in the middle is finished by a writer alone`() async throws {
    let store = try scratch.store()
    #expect(await store.apply([.confirm(HoldID("a"))], at: now, releasesKept: 1) == .done)
    try copyState(scratch, to: "copy")
    try scratch.remove("copy/muster.sqlite-shm")
    let path = "\(scratch.path)/copy"
    let before = try scratch.snapshot()
    let found = await failure {
      _ = try await StateFolder.open(path: path, mode: .readOnly).store().load()
    }
    #expect(found?.code == "store-unfinished")
    #expect(try scratch.snapshot() == before)
    let folder = try StateFolder.open(path: path, mode: .readWrite)
    let writer = try folder.store(holding: try folder.lock(command: "test", at: now))
    #expect(try await writer.load().confirmed == [HoldID("a")])
  }

  @Test func `a file is refused`() async throws {
    try scratch.write("x", to: "state")
    let found = await failure { _ = try scratch.folder() }
    #expect(found?.code == "state-not-a-folder")
    #expect(found?.message.contains(scratch.state) == true)
    let below = await failure {
      _ = try StateFolder.open(path: scratch.state + "/x", mode: .readWrite)
    }
    #expect(below != nil)
  }

  @Test(arguments: [StateFolder.Mode.readOnly, .readWrite])
  func `a folder with other things in it is refused and left alone`(
    mode: StateFolder.Mode
  ) async throws {
    try #require(mkdir(scratch.state, 0o700) == 0)
    try scratch.write("x", to: "state/holiday.jpg")
    let before = try scratch.snapshot()
    let found = await failure { _ = try StateFolder.open(path: scratch.state, mode: mode) }
    #expect(found?.code == "state-foreign")
    #expect(found?.message.contains("holiday.jpg") == true)
    #expect(try scratch.snapshot() == before)
  }

  @Test func `a fresh file system's lost+found is no stranger`() throws {
    try #require(mkdir(scratch.state, 0o700) == 0)
    try #require(mkdir("\(scratch.state)/lost+found", 0o700) == 0)
    _ = try scratch.folder().identity()
  }

  @Test func `a folder that others can write is refused`() async throws {
    _ = try scratch.folder().identity()
    try #require(chmod(scratch.state, 0o777) == 0)
    #expect(await failure { _ = try scratch.folder() }?.code == "state-open-to-others")
  }

  @Test func `someone else's folder is refused, naming both users`() async throws {
    guard geteuid() == 0 else { return print("not run: only root can give a folder away") }
    _ = try scratch.folder().identity()
    try #require(chown(scratch.state, 4242, 4242) == 0)
    for mode in [StateFolder.Mode.readOnly, .readWrite] {
      let found = await failure { _ = try StateFolder.open(path: scratch.state, mode: mode) }
      #expect(found?.code == "state-not-yours")
      #expect(found?.message.contains("user 4242") == true)
      #expect(found?.message.contains("root (0)") == true)
    }
  }

  @Test func `a link to a folder is followed`() throws {
    _ = try scratch.folder().identity()
    try #require(symlink(scratch.state, "\(scratch.path)/link") == 0)
    let folder = try StateFolder.open(path: "\(scratch.path)/link", mode: .readWrite)
    #expect(folder.path.hasSuffix("/state"))
  }
}
