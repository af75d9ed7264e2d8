// Writes a manifest that people keep in git: whole or not at all, with the mode and owner it had.

import Glibc
import Review

/// One file of a working tree.
struct ManifestFile {
  let path: String

  /// Puts new bytes in place of old ones (nil: there was no file). Throws when the file is not what
  /// it was any more, is no plain file, or cannot be written.
  func replace(_ old: [UInt8]?, with new: [UInt8]) throws(CommandFailure) {
    var status = stat()
    let isThere = lstat(path, &status) == 0
    guard isThere == (old != nil), !isThere || status.st_mode & S_IFMT == S_IFREG else {
      throw changed
    }
    if let old, try read() != old { throw changed }
    var template = Array((path + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure("cannot make a file beside") }
    let temporary = template.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
    do throws(CommandFailure) {
      defer { close(descriptor) }
      try write(new, to: descriptor)
      try keepOwner(isThere ? status : nil, descriptor)
      guard fsync(descriptor) == 0 else { throw failure("cannot write") }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let problem = failure("cannot replace")
      unlink(temporary)
      throw problem
    }
    syncFolder()
  }

  /// The mode and owner of the file before; of a new file, the usual mode and its folder's owner:
  /// `sudo muster set` leaves nothing of root's in somebody's working tree.
  private func keepOwner(_ before: stat?, _ descriptor: Int32) throws(CommandFailure) {
    var owner = stat()
    if let before {
      owner = before
    } else {
      guard stat(folder, &owner) == 0 else { throw failure("cannot look at the folder of") }
    }
    // Without root this fails unless it is the caller's own file anyway.
    _ = fchown(descriptor, owner.st_uid, owner.st_gid)
    let mask = umask(0)
    umask(mask)
    let mode = before.map { $0.st_mode & 0o7777 } ?? (0o666 & ~mask)
    guard fchmod(descriptor, mode) == 0 else { throw failure("cannot set the mode of") }
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws(CommandFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("cannot write") }
      rest = rest.dropFirst(count)
    }
  }

  private func read() throws(CommandFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw failure("cannot read") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("cannot read") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  private var folder: String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  private func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private var changed: CommandFailure {
    CommandFailure(
      .unknown, "\(path) was changed by somebody else meanwhile", fix: "look at it, and try again")
  }

  private func failure(_ action: String) -> CommandFailure {
    CommandFailure(.unknown, "\(action) \(path): \(String(cString: strerror(errno)))")
  }
}
