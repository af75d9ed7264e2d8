// The command line's root. One command per file under Commands/; what they share is in Session/ and
// Options/.

import ArgumentParser
import Glibc

@main struct Muster: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "muster",
    abstract: "Keeps machines in formation: Heroku-style manifests in git, dynos on your machine.",
    discussion: """
      Start with `muster init`, look with `muster plan`, act with `muster reconcile`. \
      Exit codes: 0 done, 1 the answer is no, 2 could not find out, 3 held, 4 timed out, \
      64 wrong command line.
      """,
    version: Version.text,
    subcommands: [
      InitCommand.self, ValidateCommand.self, SetCommand.self, DiffCommand.self, PlanCommand.self,
      ReconcileCommand.self, ServeCommand.self, StatusCommand.self, WhyCommand.self,
      EventsCommand.self, WaitCommand.self, PsCommand.self, LogsCommand.self, RestartCommand.self,
      StopCommand.self, StartCommand.self, ScaleCommand.self, SuspendCommand.self,
      ResumeCommand.self, MaintenanceCommand.self, RetryCommand.self,
      RunCommand.self, ExecCommand.self, ReleasesCommand.self, RollbackCommand.self,
      HoldsCommand.self,
      ConfirmCommand.self, UndoCommand.self, SecretsCommand.self, ConfigCommand.self,
      AdoptCommand.self, MetricsCommand.self, UsageCommand.self,
      GcCommand.self, DoctorCommand.self, CatalogCommand.self, SchemaCommand.self,
      SimulateCommand.self, CompletionCommand.self,
    ])

  static func main() async {
    Glibc.exit(await CommandRun.typed(Array(CommandLine.arguments.dropFirst())))
  }
}

enum Version {
  static let text = "0.1.0"
}
