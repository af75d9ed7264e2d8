// Reading output from its end gives the same lines as reading it from its beginning, whatever was
// written and wherever it was set aside.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

@Suite struct LogReadingTests {
  private let folder = LogScratch()

  /// Lines as a forward reader puts them together.
  private func forward(_ id: InstanceID, _ files: [String]) throws -> [LogLine] {
    var parser = LogLineParser(id)
    var lines: [LogLine] = []
    for file in files { lines += parser.lines(try Files.read(file, limit: 1 << 30) ?? []) }
    return lines + parser.unfinished()
  }

  private func backward(_ id: InstanceID, _ files: [String]) -> [LogLine] {
    var reader = LogBackLines(id, LogBackReader(files.reversed()))
    var lines: [LogLine] = []
    while let line = reader.next() { lines.append(line) }
    return lines.reversed()
  }

  @Test func `both ways give the same lines`() throws {
    for seed in UInt64(0)..<60 {
      var chance = SeededNumbers(seed: seed)
      let id = try folder.id(attempt: Int(seed) + 1)
      let files = folder.logs.files(id)
      var records = LogScratch.records(&chance, count: Int.random(in: 0...400, using: &chance))
      // Lines that never end come where they end for a reader from behind, and last for the other.
      records += [LogScratch.record(500, "end"), LogScratch.record(500, "end", isError: true)]
      try FileManager.default.createDirectory(
        atPath: folder.path + "/contract", withIntermediateDirectories: true)
      for file in files {
        let count = Int.random(in: 0...max(0, records.count), using: &chance)
        let part = file == files.last ? records.count : count
        try Data(records.prefix(part).joined().utf8).write(to: URL(filePath: file))
        records.removeFirst(part)
      }
      let expected = try forward(id, files)
      #expect(backward(id, files) == expected, "seed \(seed)")
    }
  }

  @Test func `a half-written record is left to whoever follows`() throws {
    let id = try folder.id()
    let whole = LogScratch.record(1, "whole")
    try folder.write(whole + "2027-01-01T00:00:00.0", to: id)
    var reader = LogBackReader([folder.logs.file(id)])
    #expect(reader.next().map { Array($0) } == Array(whole.utf8).dropLast())
    #expect(reader.end?.offset == whole.utf8.count)
    #expect(reader.next() == nil)
  }

  @Test func `a record without an end and garbage cost no memory and no line`() throws {
    let id = try folder.id()
    let garbage = String(repeating: "\u{1}\u{FFFD}", count: 2 << 20)
    try folder.write(
      LogScratch.record(1, "before") + garbage + "\n" + LogScratch.record(2, "after"), to: id)
    let texts = backward(id, [folder.logs.file(id)]).map(\.text)
    #expect(texts.last == "after")
    #expect(texts.allSatisfy { $0.utf8.count < 100 })
  }

  @Test func `the newest lines of all dynos are taken, however much there is`() throws {
    let apps = ["contract", "other"]
    var all: [(Int, String)] = []
    for (index, app) in apps.enumerated() {
      for ordinal in 1...3 {
        let id = try folder.id(app, ordinal)
        var text = ""
        for number in 1...2_000 {
          let time = number * 7 + index * 3 + ordinal
          text += LogScratch.record(time, "\(app) \(ordinal) \(number)")
          all.append((time, "\(app) \(ordinal) \(number)"))
        }
        try folder.write(text, to: id)
      }
    }
    let expected = Set(all.sorted { $0.0 < $1.0 }.suffix(50).map(\.1))
    let reader = LogReader(folder: folder.logs) { _ in true }
    let answer = try reader.read(LogQuery(app: nil, count: 50))
    #expect(answer.lines.count == 50)
    #expect(answer.lines.map(\.at) == answer.lines.map(\.at).sorted())
    #expect(Set(answer.lines.map(\.text)).subtracting(expected).count <= 2)
    let one = try reader.read(LogQuery(app: AppName(rawValue: "other"), count: 1 << 20))
    #expect(one.lines.count == 6_000)
    let since = try reader.read(
      LogQuery(app: nil, count: 1 << 20, since: LogScratch.time(7 * 2_000)))
    #expect(!since.lines.isEmpty && since.lines.allSatisfy { $0.at >= LogScratch.time(14_000) })
  }

  @Test func `lines that were dropped are counted and said`() throws {
    var policy = LogPolicy()
    policy.bytes = 1_000
    policy.files = 2
    let logs = LogFolder(path: folder.path, policy: policy)
    let id = try folder.id()
    try logs.begin(id)
    for number in 1...5 {
      let lines = (1...30).map { LogScratch.record(number * 100 + $0, "line \(number).\($0)") }
      try folder.write(lines.joined(), to: id)
      try logs.rotate(id) {}
    }
    try folder.write("", to: id)  // A monitor opens the next file at once.
    // Five files were full; the newest is kept, as the one set aside.
    #expect(logs.losses(id).lines == 4 * 30)
    let answer = try LogReader(folder: logs) { _ in true }.read(LogQuery(app: nil, count: 100))
    #expect(answer.lines.filter { !$0.isNotice }.count == 30)
    #expect(answer.lines.first?.isNotice == true)
    #expect(answer.lines.first?.text.contains("120 lines") == true)
    #expect(answer.lines.first?.at == answer.lines.dropFirst().first?.at)
    try logs.remove(id)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/contract").isEmpty)
  }
}
