// muster doctor: what this machine has and lacks, each lack with its fix.

import ArgumentParser
import Glibc
import Review

struct DoctorCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show what this machine has and lacks for running dynos, each lack with its fix.",
    discussion: "Exit codes: 0 dynos can run here; 1 they cannot.")

  @OptionGroup var options: GlobalOptions

  /// Root sees everything, also when the daemon is what is ill; others need its eyes.
  var isServed: Bool { geteuid() != 0 }

  func run() async throws {
    let settings = try options.settings()
    let kind = settings.runtime ?? .embedded
    let checks = await MachineChecks(settings).all + (await Composition.examine(kind, settings))
    switch settings.format {
    case .text:
      let text = DoctorText(style: Terminal.style)
      Terminal.write(text.render(checks, runtime: kind.rawValue))
    case .json: Terminal.write(DoctorJSON.document(checks, runtime: kind.rawValue).document)
    }
    try end(checks.contains(where: \.isFatal) ? .no : .done)
  }
}
