// A root file system of one static program: busybox and its applets.

import ChildProcesses
import FormationModel
import Glibc

/// Makes the busybox stack.
enum BusyboxStack {
  /// Fills an empty folder.
  static func fill(_ folder: String) throws(EffectFailure) {
    let busybox = try MachineTools.require("busybox", package: "busybox-static")
    guard let bytes = try Files.read(busybox) else {
      throw EffectFailure("stack-build-failed", "\(busybox) is gone", retry: .whenMachineIsMended)
    }
    // A program that asks for a loader does not run without one.
    if String(decoding: bytes.prefix(4096), as: UTF8.self).contains("ld-linux") {
      throw EffectFailure(
        "tool-missing", "\(busybox) is not a static program",
        fix: "apt-get install busybox-static", retry: .whenMachineIsMended)
    }
    try Files.makeFolder(folder + "/bin")
    try Files.makeFolder(folder + "/usr")
    try Files.write(bytes, to: folder + "/bin/busybox", mode: 0o755)
    for link in ["usr/bin", "usr/sbin", "sbin"] where symlink("/bin", "\(folder)/\(link)") != 0 {
      throw .lastError("cannot link \(link)")
    }
    let applets = try Command(busybox, ["--list"]).succeed("cannot ask busybox for its applets")
    for applet in applets.split(separator: "\n") where applet != "busybox" {
      guard symlink("busybox", "\(folder)/bin/\(applet)") == 0 else {
        throw .lastError("cannot link \(applet)")
      }
    }
  }
}
