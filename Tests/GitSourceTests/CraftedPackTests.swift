// A pack that git would never write: every checksum is right, and two objects are made from each
// other.

import Effects
import FormationModel
import Foundation
import GitSource
import Testing

@Suite struct CraftedPackTests {
  @Test(.timeLimit(.minutes(1))) func `objects made from each other are refused`() async throws {
    let repository = try TestRepository()
    try repository.plantPack(circle: true)
    let problem = try await repository.source().read(inForce: nil).problem()
    #expect(problem.kind == .corrupt)
    #expect(problem.message.contains("made from each other"))
  }

  @Test func `a delta of an object by its name is no circle`() async throws {
    let repository = try TestRepository()
    try repository.plantPack(circle: false)
    #expect(try await repository.source().read(inForce: nil).formation().names == ["shop"])
  }

  @Test(.timeLimit(.minutes(1)))
  func `an index with a right checksum that points elsewhere is refused`() async throws {
    for (place, bytes) in [
      (8 + 256 * 4 - 4, [0xff, 0xff, 0xff, 0xff]), (8, [0, 0, 0, 9]),
      (1032 + 48, [0x7f, 0xff, 0xff, 0xff]), (1032 + 48, [0x80, 0, 0, 0]), (1032, [0x99]),
    ] as [(Int, [UInt8])] {
      let repository = try TestRepository()
      try repository.plantPack(circle: false) {
        $0.replaceSubrange(place..<(place + bytes.count), with: bytes)
      }
      #expect(try await repository.source().read(inForce: nil).problem().kind == .corrupt)
    }
  }
}

extension TestRepository {
  /// Adds a pack of two objects, the first a delta of the second by name; in a circle, the second
  /// is one of the first as well. `change` may spoil the index before its checksum is made.
  func plantPack(circle: Bool, change: (inout [UInt8]) -> Void = { _ in }) throws {
    let first = [UInt8](repeating: 0x11, count: 20)
    let second = [UInt8](repeating: 0x22, count: 20)
    var pack = Array("PACK".utf8) + [0, 0, 0, 2, 0, 0, 0, 2]
    // A stored zlib stream of the delta 05 05 90 05; that its checksum is wrong shows only later.
    let content: [UInt8] = [0x78, 0x01, 1, 4, 0, 0xfb, 0xff, 5, 5, 0x90, 5, 0, 0, 0, 0]
    let starts = [pack.count, pack.count + 21 + content.count]
    pack += [0x74] + second + content
    pack += circle ? [0x74] + first + content : [0x34] + content
    let packSum = try sha1(pack)
    var index: [UInt8] = [0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]
    for byte in 0..<256 { index += [0, 0, 0, byte >= 0x22 ? 2 : byte >= 0x11 ? 1 : 0] }
    index += first + second + [UInt8](repeating: 0, count: 8)
    for start in starts { index += [0, 0, 0, UInt8(start)] }
    index += packSum
    change(&index)
    index += try sha1(index)
    let name = ".git/objects/pack/pack-" + String(repeating: "a", count: 40)
    try overwrite(name + ".pack", pack + packSum)
    try overwrite(name + ".idx", index)
  }

  private func sha1(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = folder + "/summed"
    try Data(bytes).write(to: URL(filePath: file))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha1sum")
    process.arguments = [file]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = Array(output.fileHandleForReading.readDataToEndOfFile().prefix(40))
    process.waitUntilExit()
    return stride(from: 0, to: text.count, by: 2).compactMap { place in
      UInt8(String(decoding: text[place..<(place + 2)], as: UTF8.self), radix: 16)
    }
  }
}
