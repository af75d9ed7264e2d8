// What a command was told, all in all: flag, then environment variable, then the server's own file.

import FormationModel
import Foundation
import Review
import YAMLReading

/// What a command was told. Nil: nobody said, and the binding or the default decides.
struct Settings {
  var repository: String?
  var ref: String?
  var environment: String?
  var runtime: RuntimeKind?
  var state: String
  /// How this machine wants its router; nil: without one.
  var router: RouterWish?
  var format: OutputFormat
  var isVerbose: Bool
  var isQuiet: Bool

  /// The file of the server's own settings.
  static let serverFile = "/etc/muster/server.yaml"

  /// What the command line itself said.
  struct Told {
    var repository: String?
    var ref: String?
    var environment: String?
    var runtime: RuntimeKind?
    var state: String?
    var router: String?
    var format: OutputFormat?
    var isVerbose = false
    var isQuiet = false
  }

  init(_ told: Told, environment: [String: String]) throws {
    let server = try Self.readServerFile(environment["MUSTER_SERVER_FILE"] ?? Self.serverFile)
    func value(_ option: String?, _ variable: String, _ key: String) -> String? {
      option ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? server[key]
    }
    repository = value(told.repository, "MUSTER_REPO", "repository")
    ref = value(told.ref, "MUSTER_REF", "ref")
    self.environment = value(told.environment, "MUSTER_ENVIRONMENT", "environment")
    state = value(told.state, "MUSTER_STATE", "state") ?? "/var/lib/muster"
    router = try RouterSetting.wish(value(told.router, "MUSTER_ROUTER", "router"))
    runtime = try Self.choice(
      value(told.runtime?.rawValue, "MUSTER_RUNTIME", "runtime"), named: "runtime")
    format =
      try Self.choice(told.format?.rawValue ?? environment["MUSTER_FORMAT"], named: "format")
      ?? .text
    isVerbose = told.isVerbose
    isQuiet = told.isQuiet
  }

  static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ text: String?, named name: String
  ) throws -> Choice? {
    guard let text, !text.isEmpty else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure(.usage, "\(name) \(text) is not known", fix: "write one of: \(known)")
    }
    return choice
  }

  /// Top-level scalars of the server's file; empty when there is none.
  private static func readServerFile(_ path: String) throws -> [String: String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [:] }
    do throws(ReadingProblem) {
      let documents = try YAMLReader.read(Array(data))
      guard case .mapping(let pairs)? = documents.first?.content else { return [:] }
      return Dictionary(
        pairs.compactMap { pair in
          guard case .scalar(let scalar) = pair.value.content else { return nil }
          return (pair.key, scalar.text)
        }, uniquingKeysWith: { _, last in last })
    } catch {
      throw CommandFailure(
        .unknown, "\(path):\(error.mark.line):\(error.mark.column): \(error.message)",
        fix: error.fix)
    }
  }
}
