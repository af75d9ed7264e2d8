// `--on ssh://USER@HOST`: the same command on another machine, terminal included.

import Foundation
import Glibc
import Review

/// A machine that is reached by ssh, and the command meant for it.
struct RemoteHost {
  private let destination: String
  private let port: String?
  private let arguments: [String]

  /// The host that `--on` names, with the rest of the command line; nil when it is not there.
  static func taken(from arguments: [String]) throws -> RemoteHost? {
    var rest: [String] = []
    var address: String?
    var words = arguments.makeIterator()
    while let word = words.next() {
      if word == "--" {
        rest.append(word)
        while let verbatim = words.next() { rest.append(verbatim) }
      } else if word == "--on" {
        address = words.next() ?? ""
      } else if word.hasPrefix("--on=") {
        address = String(word.dropFirst(5))
      } else {
        rest.append(word)
      }
    }
    return try address.map { try RemoteHost($0, rest) }
  }

  /// Reads `ssh://USER@HOST:PORT`; user and port may be left out.
  init(_ address: String, _ arguments: [String]) throws {
    func refuse() -> CommandFailure {
      CommandFailure(
        .usage, "\(address) is not the address of a machine", fix: "write --on ssh://USER@HOST")
    }
    guard let parts = URLComponents(string: address), parts.scheme == "ssh",
      let host = parts.host.map(Self.unbracketed), Self.isPlain(host), parts.password == nil,
      parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil,
      parts.user.map(Self.isPlain) ?? true
    else { throw refuse() }
    destination = parts.user.map { "\($0)@\(host)" } ?? host
    port = parts.port.map(String.init)
    self.arguments = arguments
  }

  /// An address of IP version 6 stands in brackets in a URL, and without them for ssh.
  private static func unbracketed(_ host: String) -> String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
  }

  /// Names that mean nothing to ssh but a name.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("-")
      && name.utf8.allSatisfy { byte in
        byte.isASCIIWord
          || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":")].contains(byte)
      }
  }

  /// The program that reaches the machine: `ssh`, or what MUSTER_SSH names, which gets the same
  /// arguments.
  private var program: String {
    let named = Surroundings.process.environment["MUSTER_SSH"] ?? ""
    return named.isEmpty ? "ssh" : named
  }

  /// ssh's own arguments. The command's words are quoted: ssh gives them to the shell there.
  var words: [String] {
    let terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 ? ["-t"] : ["-T"]
    let words = (["muster"] + arguments).map(Self.quoted).joined(separator: " ")
    return [program] + terminal + (port.map { ["-p", $0] } ?? []) + ["--", destination, words]
  }

  /// One word for a POSIX shell, whatever is in it.
  static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// Becomes ssh.
  func run() throws -> Never {
    var pointers = words.map { strdup($0) }
    pointers.append(nil)
    Self.restoreSignals()
    execvp(program, pointers)
    let why = String(cString: strerror(errno))
    throw CommandFailure(
      .unknown, "\(program.escapingControls) could not be started: \(why)",
      fix: program == "ssh"
        ? "install it: apt-get install openssh-client"
        : "name a program by MUSTER_SSH, without arguments")
  }
}

extension RemoteHost {
  /// What a program expects to be started with. The mask of this thread would become ssh's, and a
  /// worker thread blocks nearly every signal: nobody could end ssh by Ctrl-C.
  private static func restoreSignals() {
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGWINCH] { signal(number, SIG_DFL) }
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
  }
}

extension UInt8 {
  /// Whether the byte is an ASCII letter, digit or underscore.
  fileprivate var isASCIIWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
