// Whole trees: removing them and giving them an owner, without following symbolic links.

import CLinux
import ChildProcesses
import FormationModel
import Glibc

extension Files {
  /// Removes a folder with everything in it; one that is not there is fine. Never leaves the file
  /// system that the folder is on.
  static func removeTree(_ path: String) throws(EffectFailure) {
    guard let status = status(path) else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
    try removeTree(path, device: status.st_dev)
  }

  private static func removeTree(_ path: String, device: dev_t) throws(EffectFailure) {
    for name in try names(in: path) ?? [] {
      let child = path + "/" + name
      guard let status = status(child) else { continue }
      if status.st_mode & S_IFMT != S_IFDIR {
        try remove(child)
      } else if status.st_dev == device {
        try removeTree(child, device: device)
      } else {
        throw EffectFailure(
          "still-mounted", "something is mounted at \(child)", fix: "umount \(child)",
          retry: .whenMachineIsMended)
      }
    }
    guard rmdir(path) == 0 || errno == ENOENT else {
      throw .lastError("cannot remove folder \(path)")
    }
  }

  /// Gives a tree to a user, and makes every file of it readable by that user.
  static func give(_ path: String, to user: uid_t, group: gid_t) throws(EffectFailure) {
    guard lchown(path, user, group) == 0 else { throw .lastError("cannot give away \(path)") }
    guard let status = status(path), status.st_mode & S_IFMT == S_IFDIR else { return }
    for name in try names(in: path) ?? [] { try give(path + "/" + name, to: user, group: group) }
  }

  /// Bytes that a file or a tree takes on the disk; what vanishes meanwhile counts nothing.
  static func used(by path: String) -> Int64 { muster_used_bytes(path) }

  /// Bytes that are free for an unprivileged writer on the file system of a path; nil when the
  /// path is not there.
  static func freeBytes(at path: String) -> Int64? {
    fileSystem(at: path) { UInt64($0.f_bavail) * UInt64($0.f_frsize) }
  }

  /// Bytes that the file system of a path has; nil when the path is not there.
  static func capacity(at path: String) -> Int64? {
    fileSystem(at: path) { UInt64($0.f_blocks) * UInt64($0.f_frsize) }
  }

  private static func fileSystem(at path: String, _ bytes: (statvfs) -> UInt64) -> Int64? {
    var numbers = statvfs()
    return statvfs(path, &numbers) == 0 ? Int64(clamping: bytes(numbers)) : nil
  }

  /// Bytes on the disk of everything below a path, as far as it can be read.
  static func bytesOfTree(_ path: String) -> Int64 {
    guard let status = status(path) else { return 0 }
    let own = Int64(status.st_blocks) * 512
    guard status.st_mode & S_IFMT == S_IFDIR else { return own }
    let children = ((try? names(in: path)) ?? nil) ?? []
    return children.reduce(own) { $0 + bytesOfTree(path + "/" + $1) }
  }
}
