// What apt prints when a stack does not build, and what is made of it. Recorded from apt 2.6.

import FormationModel
import Testing

@testable import ContainerRuntimes

@Suite struct AptFailureTests {
  private static let noise = [
    "E: apt-get update --error-on=any -oAPT::Status-Fd=<$fd> failed",
    "I: main() received signal PIPE: waiting for setup...", "E: mmdebstrap failed to run",
  ]

  private func judge(_ lines: String...) -> AptFailure {
    AptFailure(["I: running apt-get update..."] + lines + Self.noise)
  }

  @Test(arguments: [
    "Could not resolve 'mirror.invalid'", "503  Service Unavailable [IP: 127.0.0.1 8080]",
    "Could not connect to 127.0.0.1:1 (127.0.0.1). - connect (111: Connection refused)",
    "Connection timed out [IP: 192.0.2.1 80]", "Temporary failure resolving 'deb.debian.org'",
    "404  Not Found [IP: 192.0.2.1 80]",
  ])
  func `a mirror that does not answer is asked again`(_ words: String) {
    let failure = judge(
      "E: Failed to fetch http://mirror/debian/dists/bookworm/InRelease  \(words)",
      // apt says this too of an index that it could not fetch.
      "E: The repository 'http://mirror/debian bookworm InRelease' is not signed.")
    #expect(failure.retry == .later)
    #expect(failure.words.contains(words))
    #expect(failure.words.hasPrefix("Failed to fetch"))
  }

  @Test(arguments: [
    "E: Unable to locate package pyhton3", "E: Package 'php5' has no installation candidate",
    "E: Couldn't find any package by glob 'libfoo1.2'",
    "E: The repository 'http://debian.org/debian bokworm Release' does not have a Release file.",
    "The following packages have unmet dependencies:",
  ])
  func `what the recipe asks for in vain needs another recipe`(_ line: String) {
    let failure = judge("Ign:1 http://mirror/debian bookworm InRelease", line)
    #expect(failure.retry == .withNewContent)
    #expect(line.hasSuffix(failure.words))
  }

  @Test func `a key that is missing needs the machine mended`() {
    let failure = judge(
      "W: GPG error: http://mirror: the public key is not available: NO_PUBKEY 0E98404D386FA1D9",
      "E: The repository 'http://mirror bookworm InRelease' is not signed.")
    #expect(failure.retry == .whenMachineIsMended)
  }

  @Test func `what nobody knows is tried again, with what was printed last`() {
    #expect(judge("E: something new").retry == .later)
    #expect(judge("E: something new").words.contains("something new"))
    #expect(AptFailure([]).retry == .later)
  }

  @Test func `while a stack is built, only what goes on is told`() {
    #expect(DebianStack.told("I: running apt-get update...") == "running apt-get update")
    #expect(DebianStack.told("I: automatically chosen mode: root") == nil)
    #expect(DebianStack.told("W: Download is performed unsandboxed as root") == nil)
  }
}
