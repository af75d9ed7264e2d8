// muster init: a repository to start from, or an app.yaml for a folder that has a Procfile.

import ArgumentParser
import Review

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a repository of manifests to start from, or one for a Procfile app.",
    discussion: """
      Without --from: platform.yaml and a first app, in DIR or here, and a git repository around \
      them where there is none. With --from FOLDER: an app.yaml beside the folder's Procfile, and \
      a report on what of the folder is taken over and what is not; nothing is copied or changed. \
      Files that exist are never written over.
      """)

  @Argument(help: "Where to write. Default: the current folder.")
  var dir: String?

  @Option(help: .init("A folder with a Procfile, as Heroku has it.", valueName: "folder"))
  var from: String?

  @OptionGroup var options: CommonOptions

  func validate() throws {
    guard dir == nil || from == nil else {
      throw ValidationError("DIR and --from exclude one another: --from writes into FOLDER itself.")
    }
  }

  func run() async throws {
    if let from {
      try HerokuFolder(path: from).takeOver()
    } else {
      try NewRepository(path: dir ?? ".").write()
    }
  }
}
