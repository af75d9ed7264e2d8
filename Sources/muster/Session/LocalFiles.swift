// Files and standard input of whoever typed the command: read within a bound, written whole or not
// at all.

import Foundation
import Glibc
import Server

enum LocalFiles {
  /// A file's bytes; throws when it cannot be read or is longer than `limit`.
  static func read(_ path: String, limit: Int) throws(ControlFailure) -> Data {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw ControlFailure("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { try? file.close() }
    return try read(file, path, limit)
  }

  /// All of standard input.
  static func readInput(limit: Int) throws(ControlFailure) -> Data {
    try read(.standardInput, "standard input", limit)
  }

  /// Writes a file for its owner alone, in one step. Returns no bytes.
  static func save(_ path: String, _ data: Data) throws(ControlFailure) -> Data {
    let temporary = "\(path).\(getpid()).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("write", path) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: data)
      try file.synchronize()
    } catch {
      unlink(temporary)
      throw failure("write", path)
    }
    guard rename(temporary, path) == 0 else {
      defer { unlink(temporary) }
      throw failure("write", path)
    }
    return Data()
  }

  private static func read(
    _ file: FileHandle, _ name: String, _ limit: Int
  ) throws(ControlFailure) -> Data {
    var all = Data()
    while true {
      let part: Data?
      do { part = try file.read(upToCount: 1 << 16) } catch { throw failure("read", name) }
      guard let part, !part.isEmpty else { return all }
      all += part
      guard all.count <= limit else {
        throw ControlFailure("\(name) is longer than \(limit) bytes")
      }
    }
  }

  private static func failure(_ action: String, _ path: String) -> ControlFailure {
    ControlFailure("cannot \(action) \(path): \(String(cString: strerror(errno)))")
  }
}

/// A line typed at a terminal that does not show it.
enum HiddenLine {
  /// Shows the prompt and reads a line; throws when standard input is no terminal.
  static func read(_ prompt: String) throws(ControlFailure) -> Data {
    guard isatty(STDIN_FILENO) == 1 else {
      throw ControlFailure(
        "standard input is not a terminal", fix: "pipe the value into the command")
    }
    var before = termios()
    tcgetattr(STDIN_FILENO, &before)
    var hidden = before
    hidden.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
    FileHandle.standardError.write(Data(prompt.utf8))
    let line = readLine(strippingNewline: true)
    FileHandle.standardError.write(Data("\n".utf8))
    guard let line else { throw ControlFailure("nothing was typed") }
    return Data(line.utf8)
  }
}
