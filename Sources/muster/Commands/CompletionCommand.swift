// muster completion: the script that lets a shell complete commands and options.

import ArgumentParser

/// The shells that there are scripts for.
enum Shell: String, ExpressibleByArgument, CaseIterable {
  case bash, zsh, fish
}

struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Print a completion script for a shell.",
    discussion: """
      bash: muster completion bash > /etc/bash_completion.d/muster
      zsh:  muster completion zsh > "${fpath[1]}/_muster"
      fish: muster completion fish > ~/.config/fish/completions/muster.fish
      """)

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  @OptionGroup var options: CommonOptions

  func run() {
    let script =
      switch shell {
      case .bash: Muster.completionScript(for: .bash)
      case .zsh: Muster.completionScript(for: .zsh)
      case .fish: Muster.completionScript(for: .fish)
      }
    Terminal.say(script)
  }
}
