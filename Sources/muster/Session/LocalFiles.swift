// Files and standard input of whoever typed the command: read within a bound, written whole or not
// at all.

import FormationModel
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
  /// Bytes that a line may have: a secret's, and its end.
  private static let byteLimit = Limits().secretBytes + 2

  /// Shows the prompt and reads a line. Where standard input is no terminal, nothing is asked, and
  /// everything that comes is the answer.
  static func read(_ prompt: String) throws(ControlFailure) -> Data {
    var before = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &before) == 0 else {
      return try LocalFiles.readInput(limit: byteLimit)
    }
    var hidden = before
    // No key sends a signal: it would leave the terminal without echo. Ctrl-C ends the line.
    hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
    withUnsafeMutableBytes(of: &hidden.c_cc) { $0[Int(VEOL)] = interrupt }
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    FileHandle.standardError.write(Data(prompt.utf8))
    let line = line()
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
    FileHandle.standardError.write(Data("\n".utf8))
    guard let line else {
      FileHandle.standardError.write(Data("muster: given up: nothing was changed\n".utf8))
      Glibc.exit(128 + SIGINT)
    }
    return line
  }

  private static let interrupt: UInt8 = 3

  /// The line; nil when Ctrl-C ended it.
  private static func line() -> Data? {
    var line = Data()
    var byte: UInt8 = 0
    while line.count <= byteLimit {
      let count = Glibc.read(STDIN_FILENO, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      if count == 1 && byte == interrupt { return nil }
      guard count == 1, byte != UInt8(ascii: "\n") else { break }
      line.append(byte)
    }
    return line
  }
}
