// Takes values from standard input, and from nowhere else: what stands on a command line can be
// read by every user of the machine, and is kept by shells.

import FormationModel
import Foundation
import Review
import Server

/// Reads secrets.
enum SecretInput {
  /// One value. On a terminal it is asked for without echo; else it is everything that comes, less
  /// one line end at its end.
  static func value(of name: SecretName) async throws -> ConfigValue {
    let limit = Limits().secretBytes
    var bytes = Array(
      try await Surroundings.current.console.ask(.secret(prompt: "Value of \(name) (not shown): ")))
    if bytes.last == UInt8(ascii: "\n") {
      bytes.removeLast()
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    }
    guard !bytes.isEmpty else {
      throw CommandFailure(
        .usage, "no value came on standard input",
        fix: "printf %s VALUE | muster secrets set …, or < FILE, or type it on a terminal")
    }
    guard bytes.count <= limit else {
      throw CommandFailure(.no, "the value has more than \(limit) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw CommandFailure(
        .no, "the value is not UTF-8 text without NUL characters",
        fix: "encode it, for instance with base64")
    }
    return ConfigValue(text)
  }

  /// A file of secrets, or standard input.
  static func file(_ path: String?) async throws -> [UInt8] {
    let limit = Limits().secretImportBytes
    let console = Surroundings.current.console
    guard let path else { return Array(try await console.ask(.input(limit: limit))) }
    return Array(try await console.ask(.file(path: path, limit: limit)))
  }
}
