// The profile's literal and its source.

import Foundation
import Testing

@testable import ContainerRuntimes

@Suite struct SeccompProfileTests {
  @Test func `the literal is the file that the converter writes`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let source = root.appendingPathComponent("Sources/ContainerRuntimes/Resources/seccomp.json")
    #expect(try String(contentsOf: source, encoding: .utf8) == seccompData + "\n")
  }

  @Test func `the profile can be read, and refuses what no dyno needs`() throws {
    let profile = try #require(SeccompProfile.dyno)
    #expect(profile.defaultAction == "SCMP_ACT_ERRNO")
    #expect(profile.architectures?.count == 1)
    let allowed = profile.syscalls.filter { $0.action == "SCMP_ACT_ALLOW" && $0.args == nil }
      .flatMap(\.names)
    for name in ["read", "execve", "futex", "openat", "accept4", "epoll_wait"] {
      #expect(allowed.contains(name))
    }
    for name in [
      "keyctl", "add_key", "bpf", "userfaultfd", "io_uring_setup", "unshare", "setns", "mount",
      "clone", "clone3", "socket", "reboot", "syslog",
    ] {
      #expect(!allowed.contains(name))
    }
  }
}
