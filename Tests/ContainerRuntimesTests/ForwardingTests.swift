// Who switched on what belongs to the whole machine.

import Foundation
import Testing

@testable import ContainerRuntimes

@Suite struct ForwardingTests {
  private func withFolder(_ body: (String, Forwarding) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/muster-forwarding-\(UUID())"
    try Files.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let setting = folder + "/ip_forward"
    try body(setting, Forwarding(setting: setting, mark: folder + "/run/forwarding"))
  }

  @Test func `what was off is switched on, and said to be ours`() throws {
    try withFolder { setting, forwarding in
      try Files.write("0\n".utf8, to: setting)
      #expect(forwarding.now == .off)
      try forwarding.ensure()
      #expect(Files.text(setting) == "1\n")
      #expect(forwarding.now == .onByMuster)
      try forwarding.ensure()
      #expect(forwarding.now == .onByMuster)
    }
  }

  @Test func `what was on is somebody else's`() throws {
    try withFolder { setting, forwarding in
      try Files.write("1\n".utf8, to: setting)
      try forwarding.ensure()
      #expect(forwarding.now == .on)
      #expect(!Files.exists(forwarding.mark))
    }
  }

  @Test func `what somebody switched off again is off`() throws {
    try withFolder { setting, forwarding in
      try Files.write("0\n".utf8, to: setting)
      try forwarding.ensure()
      try Files.write("0\n".utf8, to: setting)
      #expect(forwarding.now == .off)
    }
  }
}
