// The collector: bursts, what is lost and by whom, disks that refuse, stopping.

import Effects
import FormationModel
import Foundation
import Glibc
import Testing

@testable import Router

@Suite(.serialized) struct RequestsCollectorTests {
  private let scratch: RequestsScratch
  private let everything = LogQuery(app: nil, count: 1_000_000)

  init() throws { scratch = try RequestsScratch() }

  private func numbers(_ entries: [RequestEntry]) -> [Int] {
    entries.compactMap(\.path).compactMap { Int($0.dropFirst()) }
  }

  @Test func `a burst arrives whole and in order, or is counted by who sent it`() async throws {
    let collector = try scratch.collector()
    collector.start()
    let sender = RequestsSender(to: scratch.socket)
    for number in 0..<30_000 { sender.send(RequestsLine.numbered(number).bytesOfLine) }
    collector.noteDropped(total: sender.dropped, of: 77)
    collector.stop()
    let entries = try scratch.log.entries(everything)
    let numbers = numbers(entries)
    #expect(numbers.count == sender.sent && numbers == numbers.sorted())
    #expect(entries.compactMap(\.loss).map(\.count).reduce(0, +) == sender.dropped)
    #expect(collector.metrics().losses.received == sender.sent)
    #expect(collector.metrics().apps.first?.requests == sender.sent)
  }

  @Test func `what finds no room while nobody reads is accounted for to the line`() async throws {
    let collector = try scratch.collector()
    let sender = RequestsSender(to: scratch.socket)
    for number in 0..<10_000 { sender.send(RequestsLine.numbered(number).bytesOfLine) }
    #expect(sender.dropped > 0 && sender.sent >= 10)
    collector.start()
    try await expectSoon("the lines that wait are taken") {
      collector.metrics().losses.received == sender.sent
    }
    for _ in 0..<3 { collector.noteDropped(total: sender.dropped, of: 77) }
    collector.stop()
    let entries = try scratch.log.entries(everything)
    let losses = entries.compactMap(\.loss)
    #expect(losses.map(\.cause) == [.handover] && losses.first?.count == sender.dropped)
    #expect(numbers(entries) == Array(0..<sender.sent))
    let text = RouterLine.text(try #require(entries.last))
    #expect(text.hasPrefix("at=warning code=L13 desc=\"\(sender.dropped) request lines were"))
    #expect(text.hasSuffix("\" dropped=\(sender.dropped)"))
  }

  @Test func `as root the socket is deeper than Linux makes it, and the setting stays`() throws {
    let file = "/proc/sys/net/unix/max_dgram_qlen"
    let before = try String(contentsOfFile: file, encoding: .utf8)
    let collector = try scratch.collector()
    #expect(try String(contentsOfFile: file, encoding: .utf8) == before)
    let sender = RequestsSender(to: scratch.socket)
    for number in 0..<1_000 { sender.send(RequestsLine.numbered(number).bytesOfLine) }
    if collector.depth > 100 { #expect(sender.sent > 100) }
    collector.start()
    collector.stop()
    #expect(numbers(try scratch.log.entries(everything)).count == sender.sent)
  }

  @Test func `a full backlog costs lines, which are counted`() async throws {
    let collector = try scratch.collector(backlog: 2_000)
    let sender = RequestsSender(to: scratch.socket)
    for number in 0..<100 { sender.send(RequestsLine.numbered(number).bytesOfLine) }
    collector.start()
    collector.stop()
    let entries = try scratch.log.entries(everything)
    let lost = entries.compactMap(\.loss).map(\.count).reduce(0, +)
    #expect(numbers(entries).count + lost == sender.sent && lost > 0)
    #expect(collector.metrics().losses.lost(.backlog) == lost)
  }

  @Test func `a disk that refuses costs lines, which are counted once it takes some`() async throws
  {
    // A file in the place of the folder refuses root, too.
    mkdir(scratch.folder.state, 0o700)
    let folder = scratch.segments.folder
    try Data().write(to: URL(filePath: folder))
    let collector = try scratch.collector()
    collector.start()
    let sender = RequestsSender(to: scratch.socket)
    for number in 0..<5 { sender.send(RequestsLine.numbered(number).bytesOfLine, waits: true) }
    try await expectSoon("what cannot be written is counted") {
      collector.metrics().losses.lost(.storage) == 5
    }
    try FileManager.default.removeItem(atPath: folder)
    sender.send(RequestsLine.numbered(5).bytesOfLine, waits: true)
    try await expectSoon("the loss is written") { try scratch.log.entries(everything).count == 2 }
    collector.stop()
    let entries = try scratch.log.entries(everything)
    #expect(numbers(entries) == [5])
    #expect(entries.compactMap(\.loss).map { "\($0.cause) \($0.count)" } == ["storage 5"])
    #expect(collector.metrics().losses.lost == ["storage": 5])
  }

  @Test func `datagrams that are no lines are counted and kept out of the log`() async throws {
    let collector = try scratch.collector()
    collector.start()
    let sender = RequestsSender(to: scratch.socket)
    let forged = RequestsLine().text + "\n1\t" + RequestsLine.numbered(666).text
    for text in ["", "\n", "hello", "m1\tno", forged] { sender.send(Array(text.utf8), waits: true) }
    sender.send(RequestsLine.numbered(1).bytesOfLine + Array("\n".utf8), waits: true)
    try await expectSoon("the good one is counted") { collector.metrics().losses.received == 1 }
    collector.stop()
    #expect(numbers(try scratch.log.entries(everything)) == [1])
    // An empty datagram is nothing at all.
    #expect(collector.metrics().losses.others == 4)
  }

  @Test func `the next collector goes on, and says what was lost between the two`() async throws {
    func run(_ counters: [Int], dropped: Int) throws {
      let collector = try scratch.collector()
      collector.start()
      let sender = RequestsSender(to: scratch.socket)
      for counter in counters {
        let line = RequestsLine.with { $0.counter = "\(counter)" }
        sender.send(line.bytesOfLine, waits: true)
      }
      collector.noteDropped(total: dropped, of: 77)
      collector.stop()
    }
    try run([0, 1, 3], dropped: 2)
    #expect(MetricsFile(scratch.folder).read()?.losses.processes.first?.unseen == 1)
    try run([9, 10, 12], dropped: 2)
    try run([13], dropped: 5)
    let losses = try scratch.log.entries(everything).compactMap(\.loss)
    #expect(losses.map { "\($0.cause) \($0.count)" } == ["handover 2", "away 5", "handover 3"])
    #expect(!FileManager.default.fileExists(atPath: scratch.socket))
  }

  @Test func `the socket is the sender's alone, and a newer one is not removed`() throws {
    let first = try scratch.collector()
    first.start()
    var status = stat()
    #expect(lstat(scratch.socket, &status) == 0 && status.st_mode & 0o777 == 0o600)
    let second = try scratch.collector()
    second.start()
    first.stop()
    #expect(FileManager.default.fileExists(atPath: scratch.socket))
    second.stop()
    #expect(!FileManager.default.fileExists(atPath: scratch.socket))
  }

  @Test(.enabled(if: getuid() == 0, "only root can give a socket away"))
  func `the socket of another user is that user's`() throws {
    let nobody: uid_t = 65_534
    let socket = try RequestSocket.bind(at: scratch.socket, sender: nobody)
    var status = stat()
    #expect(lstat(scratch.socket, &status) == 0)
    #expect(status.st_uid == nobody && status.st_mode & 0o777 == 0o600)
    socket.remove()
    #expect(!FileManager.default.fileExists(atPath: scratch.socket))
  }

  @Test func `a path that is too long for a socket is refused`() {
    let path = "/tmp/" + String(repeating: "x", count: 120)
    #expect(throws: EffectFailure.self) {
      _ = try RequestCollector(scratch.folder, socket: path, sender: nil)
    }
  }

  @Test func `metrics are a file that others read`() throws {
    let collector = try scratch.collector()
    collector.start()
    let sender = RequestsSender(to: scratch.socket)
    for number in 0..<10 { sender.send(RequestsLine.numbered(number).bytesOfLine, waits: true) }
    collector.stop()
    let read = try #require(MetricsFile(scratch.folder).read())
    let app = try #require(AppName(rawValue: "shop"))
    #expect(read.requests(of: app)?.requests == 10)
    var status = stat()
    #expect(lstat(MetricsFile(scratch.folder).path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }
}
