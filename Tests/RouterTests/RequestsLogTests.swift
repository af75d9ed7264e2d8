// The request log on disk: the newest lines of an app, rotation, half lines, following.

import Effects
import FormationModel
import Foundation
import Glibc
import Testing

@testable import Router

@Suite struct RequestsLogTests {
  private let scratch: RequestsScratch

  init() throws { scratch = try RequestsScratch() }

  private func query(
    _ app: String? = nil, web: Int? = nil, count: Int = 1_000, since: Int64? = nil
  ) -> LogQuery {
    LogQuery(
      app: app.flatMap(AppName.init(rawValue:)), process: web.map { _ in .web }, ordinal: web,
      count: count, since: since.map { LoopTime(milliseconds: $0) })
  }

  private func paths(_ query: LogQuery) throws -> [String] {
    try scratch.log.entries(query).compactMap(\.path)
  }

  @Test func `the newest lines of an app and of a dyno come oldest first`() throws {
    var writer = scratch.writer()
    for number in 1...20 {
      let line = RequestsLine.numbered(
        number, app: number.isMultiple(of: 2) ? "shop" : "blog", web: number % 4 + 1)
      writer.put(line.stored(at: 1_000 + number))
    }
    #expect(try paths(query(count: 3)) == ["/18", "/19", "/20"])
    #expect(try paths(query("shop", count: 3)) == ["/16", "/18", "/20"])
    #expect(try paths(query("shop", web: 1)) == ["/4", "/8", "/12", "/16", "/20"])
    #expect(try paths(query(since: 1_018)) == ["/18", "/19", "/20"])
    #expect(try paths(query("none")) == [])
    #expect(try paths(query(count: 0)) == [])
  }

  @Test func `nothing is there before anything was written`() throws {
    #expect(try scratch.log.entries(query()).isEmpty)
    let following = try scratch.log.following(query())
    #expect(try following.follower.entries().isEmpty)
    var writer = scratch.writer()
    writer.put(RequestsLine.numbered(1).stored(at: 1))
    #expect(try following.follower.entries().compactMap(\.path) == ["/1"])
    #expect(try following.follower.entries().isEmpty)
  }

  @Test func `segments are set aside when full, and the oldest goes`() throws {
    var writer = scratch.writer(bytes: 2_000)
    for number in 1...100 {
      writer.put(RequestsLine.numbered(number).stored(at: number))
    }
    let numbers = try scratch.numbers()
    #expect(numbers.count == 3 && (numbers.first ?? 0) > 1)
    for number in numbers {
      var status = stat()
      #expect(lstat(scratch.segments.path(number), &status) == 0)
      #expect(status.st_size <= 2_000 && status.st_mode & 0o777 == 0o600)
    }
    let kept = try paths(query())
    #expect(kept.last == "/100" && kept == (101 - kept.count...100).map { "/\($0)" })
  }

  @Test func `half a line at the end belongs to nobody, and the next line is whole`() throws {
    var writer = scratch.writer()
    writer.put(RequestsLine.numbered(1).stored(at: 1))
    let file = try #require(FileHandle(forWritingAtPath: scratch.segments.path(1)))
    try file.seekToEnd()
    try file.write(contentsOf: Data("2\tm2\t1800".utf8))
    #expect(try paths(query()) == ["/1"])
    let following = try scratch.log.following(query())
    var next = scratch.writer()
    next.put(RequestsLine.numbered(3).stored(at: 3))
    #expect(try paths(query()) == ["/1", "/3"])
    #expect(try following.follower.entries().compactMap(\.path) == ["/3"])
  }

  @Test func `a segment that ends in nothing but zeros is read up to there`() throws {
    var writer = scratch.writer()
    writer.put(RequestsLine.numbered(1).stored(at: 1))
    let file = try #require(FileHandle(forWritingAtPath: scratch.segments.path(1)))
    try file.seekToEnd()
    try file.write(contentsOf: Data(count: 600_000))
    #expect(try paths(query()) == ["/1"])
  }

  @Test func `a log that is removed under the writer begins again`() throws {
    var writer = scratch.writer(bytes: 1_000)
    for number in 1...10 { writer.put(RequestsLine.numbered(number).stored(at: 1)) }
    let following = try scratch.log.following(query())
    try FileManager.default.removeItem(atPath: scratch.segments.folder)
    writer.put(RequestsLine.numbered(11).stored(at: 2))
    #expect(try paths(query()) == ["/11"])
    #expect(try following.follower.entries().compactMap(\.path) == ["/11"])
  }

  @Test func `whoever follows gets each line once, across segments`() throws {
    var writer = scratch.writer(bytes: 2_000, segments: 50)
    let following = try scratch.log.following(query())
    var seen: [String] = []
    for number in 1...200 {
      writer.put(RequestsLine.numbered(number).stored(at: number))
      if number % 7 == 0 { seen += try following.follower.entries().compactMap(\.path) }
    }
    seen += try following.follower.entries().compactMap(\.path)
    #expect(seen == (1...200).map { "/\($0)" })
  }

  @Test func `whoever follows too slowly is told that lines are missing`() throws {
    var writer = scratch.writer(bytes: 2_000, segments: 2)
    writer.put(RequestsLine.numbered(1).stored(at: 1))
    let following = try scratch.log.following(query())
    for number in 2...100 {
      writer.put(RequestsLine.numbered(number).stored(at: number))
    }
    let entries = try following.follower.entries()
    #expect(entries.first?.path == "/2" && entries.last?.path == "/100")
    #expect(entries.compactMap(\.loss).map(\.cause) == [.reader])
  }

  @Test func `a reader gets whole lines in order while the writer rotates`() async throws {
    var writer = scratch.writer(bytes: 20_000)
    writer.put(RequestsLine.numbered(0).stored(at: 1))
    let log = scratch.log
    let reading = Task.detached {
      var looks = 0
      var isDone = false
      while !isDone {
        let paths = try log.entries(LogQuery(app: nil, count: 100)).compactMap(\.path)
        let numbers = paths.compactMap { Int($0.dropFirst()) }
        if zip(numbers, numbers.dropFirst()).contains(where: { $1 != $0 + 1 }) { return -1 }
        looks += 1
        isDone = numbers.last == 5_000
      }
      return looks
    }
    for number in 1...5_000 {
      writer.put(RequestsLine.numbered(number).stored(at: 1))
    }
    #expect(try await reading.value > 0)
  }

  @Test func `a folder of another's is reported`() throws {
    try Data().write(to: URL(filePath: "\(scratch.path)/state"))
    #expect(throws: EffectFailure.self) { try scratch.log.entries(query()) }
  }
}
