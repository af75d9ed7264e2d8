// The repository that `muster init` writes: one small app that needs no build and no package.

import Foundation
import GitSource
import Review

/// A repository to start from.
struct NewRepository {
  private let root: URL

  init(path: String) {
    root = URL(filePath: Composition.absolute(path), directoryHint: .isDirectory)
  }

  /// Writes the files, and makes a git repository where there is none around them.
  func write() throws {
    let there = Self.files.map(\.path).filter { exists($0) }
    guard there.isEmpty else {
      throw CommandFailure(
        .no, "\(root.path) already has \(there.joined(separator: ", ")); nothing was written",
        fix: "name another folder, or add an app by hand: a folder under apps/ with a Procfile")
    }
    do {
      for file in Self.files { try write(file.text, to: file.path) }
    } catch {
      throw CommandFailure(
        .unknown, "\(root.path) cannot be written: \(error.localizedDescription)")
    }
    Terminal.say(
      "Wrote to \(root.path):\n" + Self.files.map { "  \($0.path)" }.joined(separator: "\n"))
    let madeRepository = try makeRepository()
    Terminal.say(madeRepository ? "Made a git repository around them.\n" : "")
    Terminal.say(
      """
      Next:
        cd \(root.path)
        muster validate
        git add . && git commit -m "A first app"
        muster plan --runtime simulated --state .muster-try
        sudo muster reconcile
      """)
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  private func write(_ text: String, to path: String) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file, options: .withoutOverwriting)
  }

  /// Whether a repository was made; false when there is one already or no git.
  private func makeRepository() throws -> Bool {
    guard GitFormationSource.enclosingRepository(of: root.path) == nil else { return false }
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = ["git", "init", "--quiet", "--initial-branch=main", "--", root.path]
    git.standardError = FileHandle.nullDevice
    do { try git.run() } catch { return false }
    git.waitUntilExit()
    return git.terminationStatus == 0
  }

  private static let files: [(path: String, text: String)] = [
    (
      "platform.yaml",
      """
      # Settings of the whole platform. Every key has a default; an empty file does as well.
      default_size: standard-1x

      """
    ),
    (
      "apps/hello/Procfile",
      """
      web: httpd -f -p $PORT -h public

      """
    ),
    (
      "apps/hello/app.yaml",
      """
      # What Heroku keeps outside files: stack, config vars, and the formation.
      stack: busybox
      formation:
        web: {quantity: 1, size: standard-1x}

      """
    ),
    (
      "apps/hello/public/index.html",
      """
      <!doctype html>
      <title>hello</title>
      <p>Hello from a dyno.</p>

      """
    ),
  ]
}
