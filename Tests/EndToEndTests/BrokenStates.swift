// The broken states, each with its table of answers.

import Foundation
import Glibc
import Testing

extension BrokenState {
  /// Nothing can be found out, whatever is asked; what does not read the state answers as ever.
  static func refused(
    _ name: String, saying words: String, fix: String, adopt: BrokenAnswer? = nil,
    _ breaks: @escaping @Sendable (_ state: String) throws -> Void
  ) -> BrokenState {
    let state = BrokenState(
      name: name, breaks: breaks, usual: BrokenAnswer(2, words, fix),
      others: [
        "doctor": BrokenAnswer(1, words, fix),
        "set shop env.GREETING=hello": BrokenAnswer(0),
      ])
    return adopt.map { state.with(["adopt": $0]) } ?? state
  }

  private static let whole = BrokenAnswer(0, "there is nothing to take over")
  private static let database = "muster.sqlite"

  /// Tried with every command.
  static let refusing = [
    refused(
      "a database that is garbage", saying: "\(database): it is damaged",
      fix: "put it back from a backup", adopt: whole
    ) { try text("no database", "\($0)/\(database)") },
    refused(
      "a database of a newer Muster", saying: "has version 99, and this Muster knows",
      fix: "use the newer Muster again", adopt: whole
    ) { state in
      // SQLite keeps `user_version` in bytes 60 to 63 of its first page.
      var data = try Data(contentsOf: URL(fileURLWithPath: "\(state)/\(database)"))
      data.replaceSubrange(60..<64, with: [0, 0, 0, 99])
      try data.write(to: URL(fileURLWithPath: "\(state)/\(database)"))
    },
    refused(
      "an identity that is gone", saying: "identity of", fix: "muster adopt",
      adopt: BrokenAnswer(3, "app shop, last release v1", "muster adopt --confirm")
    ) { try FileManager.default.removeItem(atPath: "\($0)/identity") },
  ]

  /// Tried with one command of each kind.
  static let refusingToo = [
    refused(
      "a database that is cut", saying: "\(database): it is damaged",
      fix: "put it back from a backup", adopt: whole
    ) { state in
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(state)/\(database)"))
      try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: "\(state)/\(database)"))
    },
    refused(
      "a database that is empty", saying: "\(database): it is empty",
      fix: "put it back from a backup", adopt: whole
    ) { try text("", "\($0)/\(database)") },
    refused(
      "a folder for a database", saying: "\(database): it is not a file",
      fix: "put it back from a backup", adopt: whole
    ) { state in
      try FileManager.default.removeItem(atPath: "\(state)/\(database)")
      try FileManager.default.createDirectory(
        atPath: "\(state)/\(database)", withIntermediateDirectories: false)
    },
    refused(
      "a key that is damaged", saying: "identity is damaged", fix: "from a backup"
    ) { try text("short", "\($0)/identity/key") },
    refused(
      "a binding that is damaged", saying: "binding.json does not say", fix: "--rebind",
      adopt: whole
    ) { try text("{", "\($0)/binding.json") },
    refused("a file in its place", saying: "is not a folder", fix: "--state DIR") { state in
      try FileManager.default.removeItem(atPath: state)
      try text("", state)
    },
    refused("a folder of others", saying: "it holds notes.txt", fix: "--state DIR") { state in
      try FileManager.default.removeItem(atPath: state)
      try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
      try text("mine", "\(state)/notes.txt")
    },
  ]

  private static func text(_ text: String, _ path: String) throws {
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  private static let held = BrokenAnswer(
    3, "secret-lost/shop", "SESSION_KEY", "muster secrets rotate shop SESSION_KEY")
  private static let gone = BrokenAnswer(2, "the generated secret SESSION_KEY of shop")

  /// A generated secret that is not there as it was: what runs goes on, what is new is held.
  static func secretLost(
    _ name: String, listed: String,
    _ breaks: @escaping @Sendable (_ state: String) throws -> Void
  ) -> BrokenState {
    BrokenState(name: name, breaks: breaks, usual: held).with([
      "plan": BrokenAnswer(0, "secret-lost/shop", "secrets/shop/SESSION_KEY from a backup"),
      "status": BrokenAnswer(1, "Held", "Healthy"),
      "why shop": BrokenAnswer(1, "secret-lost/shop"),
      "events": BrokenAnswer(0), "ps": BrokenAnswer(0, "web.2: up"), "logs": BrokenAnswer(0),
      "wait --for converged --timeout 1s": BrokenAnswer(4, "held by secret-lost/shop"),
      "restart shop/web.1": BrokenAnswer(3, "secret-lost/shop", "SESSION_KEY", "0 stopped"),
      "scale shop": BrokenAnswer(0), "maintenance shop": BrokenAnswer(0, "off"),
      "confirm secret-lost/shop": BrokenAnswer(1, "consent does not free", "from a backup"),
      "secrets": BrokenAnswer(0, listed),
      "secrets rotate shop SESSION_KEY": BrokenAnswer(0, "SESSION_KEY generated for shop", "v2"),
      "secrets unset shop STRIPE_KEY": BrokenAnswer(1, "is in use"),
      "config": BrokenAnswer(0, "SESSION_KEY"), "config --reveal": gone,
      "releases": BrokenAnswer(0, "v1  first release"),
      "rollback shop": BrokenAnswer(1, "shop has no release before v1"),
      "undo": BrokenAnswer(1, "there is nothing to undo"),
      "config get SESSION_KEY --reveal": gone,
      "adopt": whole, "metrics": BrokenAnswer(0), "usage": BrokenAnswer(0),
      "gc": BrokenAnswer(0), "gc --dry-run": BrokenAnswer(0), "doctor": BrokenAnswer(0),
      "set shop env.GREETING=hello": BrokenAnswer(0),
    ])
  }

  /// What still works, in its own way.
  static let going = [
    secretLost(
      "a generated secret that is lost", listed: "SESSION_KEY  generated for shop  missing"
    ) { try FileManager.default.removeItem(atPath: "\($0)/secrets/shop/SESSION_KEY") },
    BrokenState(
      name: "a socket that nobody listens on", breaks: DeadSocket.leave, usual: BrokenAnswer(0)
    ).with([
      "confirm secret-lost/shop": BrokenAnswer(1, "nothing is held at all"),
      "rollback shop": BrokenAnswer(1, "shop has no release before v1"),
      "undo": BrokenAnswer(1, "there is nothing to undo"),
      "secrets unset shop STRIPE_KEY": BrokenAnswer(1, "is in use"),
    ]),
    BrokenState(
      name: "no state directory",
      breaks: { try FileManager.default.removeItem(atPath: $0) },
      usual: BrokenAnswer(
        2, "there is no platform in the state directory", "muster reconcile", "--state DIR")
    ).with([
      "plan": BrokenAnswer(0, "secret-missing/shop", "muster secrets set shop STRIPE_KEY"),
      "reconcile": BrokenAnswer(3, "secret-missing/shop", "muster secrets set shop STRIPE_KEY"),
      "status": BrokenAnswer(1, "NothingRuns"), "why shop": BrokenAnswer(1, "There is no release"),
      "events": none, "logs": none, "metrics": none, "usage": none,
      "wait --for converged --timeout 1s": BrokenAnswer(4, "held by secret-missing/shop"),
      "ps": BrokenAnswer(0, "No dynos"), "holds": BrokenAnswer(3, "secret-missing/shop"),
      "scale shop": BrokenAnswer(0), "maintenance shop": BrokenAnswer(0, "off"),
      "secrets": BrokenAnswer(0, "missing", "muster secrets set shop STRIPE_KEY"),
      "secrets set shop STRIPE_KEY": BrokenAnswer(0, "STRIPE_KEY of shop: v1"),
      "secrets import shop": BrokenAnswer(0, "STRIPE_KEY of shop: v1"),
      "secrets rotate shop SESSION_KEY": BrokenAnswer(1, "was not made yet", "reconcile makes it"),
      "secrets unset shop STRIPE_KEY": BrokenAnswer(1, "there is no secret STRIPE_KEY"),
      "adopt": BrokenAnswer(0, "does not exist yet"),
      "doctor": BrokenAnswer(0, "made by the first reconcile"),
      "set shop env.GREETING=hello": BrokenAnswer(0),
    ]),
  ]

  private static let none = BrokenAnswer(2, "there is no state directory", "--state DIR")
}

/// A socket whose daemon was killed.
enum DeadSocket {
  /// Leaves one in a state directory, as a killed `muster serve` does.
  static func leave(in state: String) throws {
    try #require(try call(state, Glibc.bind) == 0)
  }

  /// Whether somebody listens on a state directory's socket.
  static func isAnswered(in state: String) throws -> Bool { try call(state, Glibc.connect) == 0 }

  private static func call(
    _ state: String, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(state)/muster.sock".utf8)
    try #require(path.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(descriptor, $0, size) }
    }
  }
}
