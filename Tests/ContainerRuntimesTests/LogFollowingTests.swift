// Following output: across rotation, to the end of what has ended, and into what starts later.

import Effects
import FormationModel
import Foundation
import Synchronization
import Testing

@testable import ContainerRuntimes

@Suite struct LogFollowingTests {
  private let folder = LogScratch()

  private func reader() -> LogReader {
    LogReader(folder: folder.logs) { [folder] id in
      folder.present.withLock { $0.contains(id) }
    }
  }

  private func start(_ id: InstanceID) { folder.present.withLock { _ = $0.insert(id) } }
  private func end(_ id: InstanceID) { folder.present.withLock { _ = $0.remove(id) } }

  private func follow() throws -> LogFollower {
    let query = LogQuery(app: nil, count: 10)
    return try LogFollower(reader(), query, from: reader().read(query).ends)
  }

  @Test func `what comes is given once, across rotation`() throws {
    let id = try folder.id()
    start(id)
    try folder.write(LogScratch.record(1, "before"), to: id)
    let follower = try follow()
    try folder.append(LogScratch.record(2, "first"), to: id)
    #expect(try follower.next().map(\.text) == ["first"])
    try folder.append(LogScratch.record(3, "second"), to: id)
    try folder.setAside(id)
    try folder.append(LogScratch.record(4, "third"), to: id)
    #expect(try follower.next().map(\.text) == ["second", "third"])
    try folder.append(LogScratch.record(5, "fourth"), to: id)
    try folder.setAside(id)
    try folder.append(LogScratch.record(6, "fifth"), to: id)
    try folder.setAside(id)
    try folder.append(LogScratch.record(7, "sixth"), to: id)
    #expect(try follower.next().map(\.text) == ["fourth", "fifth", "sixth"])
    #expect(try follower.next().isEmpty)
  }

  @Test func `a line comes whole, however its record was written`() throws {
    let id = try folder.id()
    start(id)
    try folder.write("", to: id)
    let follower = try follow()
    let record = LogScratch.record(1, "in two halves")
    try folder.append(String(record.prefix(20)), to: id)
    #expect(try follower.next().isEmpty)
    try folder.append(String(record.dropFirst(20)), to: id)
    #expect(try follower.next().map(\.text) == ["in two halves"])
  }

  @Test func `one that starts later is followed, one that ends is read to its end`() throws {
    let first = try folder.id(attempt: 1)
    start(first)
    try folder.write(LogScratch.record(1, "old"), to: first)
    let follower = try follow()
    try folder.append(LogScratch.record(2, "last words"), to: first)
    end(first)
    let second = try folder.id(attempt: 2)
    start(second)
    try folder.write(LogScratch.record(3, "new"), to: second)
    #expect(try follower.next().map(\.text) == ["last words", "new"])
    // Came and went between two looks.
    let third = try folder.id(attempt: 3)
    try folder.write(LogScratch.record(4, "short"), to: third)
    #expect(try follower.next().map(\.text) == ["short"])
    #expect(try follower.next().isEmpty)
  }

  @Test func `output of instances that were gone before stays silent`() throws {
    let gone = try folder.id()
    try folder.write(LogScratch.record(1, "previous"), to: gone)
    let follower = try follow()
    #expect(try follower.next().isEmpty)
  }

  @Test func `one look reads a bounded part of what is behind`() throws {
    let id = try folder.id()
    start(id)
    try folder.write("", to: id)
    let follower = try follow()
    let line = LogScratch.record(1, String(repeating: "x", count: 1_000))
    try folder.append(String(repeating: line, count: 5_000), to: id)
    var counts: [Int] = []
    while counts.reduce(0, +) < 5_000, counts.count < 100 {
      counts.append(try follower.next().count)
    }
    #expect(counts.reduce(0, +) == 5_000)
    #expect(counts.allSatisfy { $0 <= 1_100 })
  }
}
