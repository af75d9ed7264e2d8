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
    let sender = try RequestsSender(to: scratch.folder)
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
    let sender = try RequestsSender(to: scratch.folder)
    for number in 0..<10_000 { sender.send(RequestsLine.numbered(number).bytesOfLine) }
    // A pipe holds some thousand of them.
    #expect(sender.dropped > 0 && sender.sent > 1_000)
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

  @Test func `what comes while nobody reads is kept, with the time at which it ended`() throws {
    let before = try scratch.collector()
    before.start()
    before.stop()
    let sender = try RequestsSender(to: scratch.folder)
    for number in 0..<1_000 {
      var line = RequestsLine.numbered(number)
      line.accepted = "1700000000.\(100 + number / 2)"
      sender.send(line.bytesOfLine)
    }
    let collector = try scratch.collector()
    collector.start()
    collector.stop()
    let entries = try scratch.log.entries(everything)
    #expect(numbers(entries) == Array(0..<1_000) && sender.dropped == 0)
    let times = entries.map(\.at.milliseconds)
    #expect(times == (0..<1_000).map { 1_700_000_000_140 + Int64($0 / 2) })
  }

  @Test func `a line from the future, or from before the last one, does not disturb the order`()
    throws
  {
    let collector = try scratch.collector()
    let sender = try RequestsSender(to: scratch.folder)
    for (number, second) in ["1700000009", "1700000001", "9999999999"].enumerated() {
      var line = RequestsLine.numbered(number)
      line.accepted = "\(second).000"
      sender.send(line.bytesOfLine)
    }
    collector.start()
    collector.stop()
    let times = try scratch.log.entries(everything).map(\.at)
    #expect(times.map(\.milliseconds).prefix(2) == [1_700_000_009_040, 1_700_000_009_040])
    #expect(times.count == 3 && times[2] <= RequestClock.now)
  }

  @Test func `a full backlog costs lines, which are counted`() async throws {
    let collector = try scratch.collector(backlog: 2_000)
    let sender = try RequestsSender(to: scratch.folder)
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
    let sender = try RequestsSender(to: scratch.folder)
    for number in 0..<5 { sender.send(RequestsLine.numbered(number).bytesOfLine) }
    try await expectSoon("what cannot be written is counted") {
      collector.metrics().losses.lost(.storage) == 5
    }
    try FileManager.default.removeItem(atPath: folder)
    sender.send(RequestsLine.numbered(5).bytesOfLine)
    try await expectSoon("the loss is written") { try scratch.log.entries(everything).count == 2 }
    collector.stop()
    let entries = try scratch.log.entries(everything)
    #expect(numbers(entries) == [5])
    #expect(entries.compactMap(\.loss).map { "\($0.cause) \($0.count)" } == ["storage 5"])
    #expect(collector.metrics().losses.lost == ["storage": 5])
  }

  @Test func `lines that are none of a request are counted and kept out of the log`() async throws {
    let collector = try scratch.collector()
    collector.start()
    let sender = try RequestsSender(to: scratch.folder)
    let forged = "1\t" + RequestsLine.numbered(666).text
    let long = String(repeating: "x", count: 20_000)
    for text in ["", "\n", "hello", "m2\tno", "\0", long, forged] { sender.send(Array(text.utf8)) }
    sender.send(RequestsLine.numbered(1).bytesOfLine)
    try await expectSoon("the good one is counted") { collector.metrics().losses.received == 1 }
    collector.stop()
    #expect(numbers(try scratch.log.entries(everything)) == [1])
    // An empty line is nothing at all.
    #expect(collector.metrics().losses.others == 5)
  }

  @Test func `the next collector goes on, and says what was lost between the two`() async throws {
    func run(_ counters: [Int], dropped: Int) throws {
      let collector = try scratch.collector()
      collector.start()
      let sender = try RequestsSender(to: scratch.folder)
      for counter in counters {
        let line = RequestsLine.with { $0.counter = "\(counter)" }
        sender.send(line.bytesOfLine)
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
  }

  @Test func `the pipe is this user's alone, and the same one for whoever comes later`() throws {
    let path = scratch.folder.requests
    func number() throws -> ino_t {
      var status = stat()
      #expect(lstat(path, &status) == 0 && status.st_mode == S_IFIFO | 0o600)
      return status.st_ino
    }
    let first = try scratch.collector()
    first.start()
    let made = try number()
    first.stop()
    let second = try scratch.collector()
    #expect(try number() == made)
    second.start()
    second.stop()
    // What others may open, or what is no pipe, is none to be trusted.
    chmod(path, 0o622)
    _ = try RequestPipe(path)
    #expect(try number() != made)
    unlink(path)
    try Data().write(to: URL(filePath: path))
    _ = try RequestPipe(path)
    _ = try number()
  }

  @Test func `where no pipe can be made, that is said`() throws {
    mkdir(scratch.folder.requests, 0o700)
    #expect(throws: EffectFailure.self) { _ = try RequestCollector(scratch.folder) }
  }

  @Test func `metrics are a file that others read`() throws {
    let collector = try scratch.collector()
    collector.start()
    let sender = try RequestsSender(to: scratch.folder)
    for number in 0..<10 { sender.send(RequestsLine.numbered(number).bytesOfLine) }
    collector.stop()
    let read = try #require(MetricsFile(scratch.folder).read())
    let app = try #require(AppName(rawValue: "shop"))
    #expect(read.requests(of: app)?.requests == 10)
    var status = stat()
    #expect(lstat(MetricsFile(scratch.folder).path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }
}
