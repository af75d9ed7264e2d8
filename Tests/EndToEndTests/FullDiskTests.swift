// Every command on a full disk: looking works, gc works, what has to write says so, and nothing is
// lost. The disk is a small file system in memory. And a state directory that others may not read.

import Foundation
import Testing

@Suite(
  .enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"),
  .enabled(if: geteuid() == 0, "only root can mount a file system and become nobody"))
struct FullDiskTests {
  /// A file system of one megabyte with a copy of a converged state directory, and as many bytes
  /// free as told.
  private func onFullDisk(
    free: Int, _ body: (_ whole: BrokenPlatform, _ state: String) throws -> Void
  ) throws {
    let whole = try BrokenPlatform()
    defer { whole.platform.tearDown() }
    let disk = whole.platform.folder + "/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    let mounted = try MusterProgram.run(
      "/usr/bin/mount", ["-t", "tmpfs", "-o", "size=1m,mode=700", "none", disk])
    try #require(mounted.code == 0, "\(mounted)")
    defer { _ = try? MusterProgram.run("/usr/bin/umount", [disk]) }
    let state = try whole.copy(to: "disk/state")
    var numbers = statvfs()
    try #require(statvfs(disk, &numbers) == 0)
    let there = Int(numbers.f_bavail) * Int(numbers.f_frsize)
    try Data(count: there - free).write(to: URL(fileURLWithPath: disk + "/fill"))
    try body(whole, state)
  }

  private static let full = BrokenAnswer(
    2, "no space left on its file system", "free space there, then run muster again")
  private static let going: [String: Int32] = [
    "plan": 0, "status": 0, "why shop": 0, "events": 0, "wait --for converged --timeout 1s": 0,
    "ps": 0, "logs": 0, "scale shop": 0, "maintenance shop": 0, "holds": 0, "secrets": 0,
    "releases": 0,
    "config": 0, "adopt": 0, "metrics": 0, "usage": 0, "gc": 0, "gc --dry-run": 0, "doctor": 0,
    "set shop env.GREETING=hello": 0,
  ]

  @Test func `what looks works, what writes says that there is no space`() throws {
    try onFullDisk(free: 8 << 10) { whole, state in
      let database = "\(state)/muster.sqlite"
      let before = FileManager.default.contents(atPath: database)
      for command in BrokenCommand.all {
        let wanted = Self.going[command.words].map { BrokenAnswer($0) } ?? Self.full
        try whole.run(command, on: state).expect(wanted, command, "a full disk")
        #expect(FileManager.default.contents(atPath: database) == before, "\(command.words)")
      }
      try FileManager.default.removeItem(atPath: whole.platform.folder + "/disk/fill")
      let reconcile = BrokenCommand(words: "reconcile")
      try whole.run(reconcile, on: state).expect(BrokenAnswer(0), reconcile, "space again")
    }
  }

  @Test func `a disk that fills while a command is at work loses no order and no secret`() throws {
    try onFullDisk(free: 48 << 10) { whole, state in
      for words in ["restart shop/web.1", "scale shop web=1", "config --reveal"] {
        let command = BrokenCommand(words: words)
        try whole.run(command, on: state).expect(Self.full, command, "a disk that gets full")
      }
      try FileManager.default.removeItem(atPath: whole.platform.folder + "/disk/fill")
      let plan = BrokenCommand(words: "plan")
      try whole.run(plan, on: state).expect(BrokenAnswer(0, "No changes."), plan, "space again")
    }
  }

  /// What nobody may not read, and what every command says then.
  private static let closed = [
    ("muster.sqlite", "cannot open the database"), ("identity/key", "permission denied"),
    ("binding.json", "permission denied"), ("", "may not reach the state directory"),
  ]

  @Test(arguments: closed)
  func `what this user may not read is named, with whom to ask`(
    _ part: String, _ words: String
  ) throws {
    let whole = try BrokenPlatform()
    defer { whole.platform.tearDown() }
    let state = whole.platform.state
    let names = FileManager.default.enumerator(atPath: state)?.allObjects ?? []
    for case let name as String in names + [""] {
      let owner: uid_t = name == part ? 0 : 65534
      try #require(chown("\(state)/\(name)", owner, owner) == 0)
    }
    let program = try whole.platform.programForNobody()
    let become = ["--reuid=65534", "--regid=65534", "--clear-groups", program]
    for command in BrokenCommand.some
    where !["adopt", "doctor", "serve", "set shop env.GREETING=hello"].contains(command.words) {
      try MusterProgram.run(
        "/usr/bin/setpriv", become + command.arguments, whole.platform.variables,
        in: whole.platform.folder, input: command.input
      ).expect(BrokenAnswer(2, words, "sudo", "nobody"), command, "closed \(part)")
    }
  }
}
