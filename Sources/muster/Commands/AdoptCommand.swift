// muster adopt: takes over a state directory whose identity is lost, with explicit consent.

import ArgumentParser
import FormationModel
import Review
import StateStore

struct AdoptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: "Take over a state directory whose identity is lost.",
    discussion: """
      Without --confirm it shows what is there and what taking it over means, and changes nothing. \
      Exit codes: 0 taken over, or nothing was lost; 2 it could not be found out; 3 it waits for \
      --confirm.
      """)

  @OptionGroup var options: GlobalOptions

  @Option(help: .init("The state directory to take over, by its path.", valueName: "dir"))
  var confirm: String?

  func run() async throws {
    let settings = try options.settings()
    let isJSON = settings.format == .json
    try await reporting {
      let state = try StateFolder.open(path: settings.state, mode: .readOnly)
      guard state.exists else { return say(isJSON, "new", "\(state.path) does not exist yet") }
      guard try state.isIdentityLost() else {
        let isNew = try state.existingIdentity() == nil
        return say(
          isJSON, isNew ? "new" : "whole",
          isNew ? "\(state.path) is new" : "\(state.path) has its identity")
      }
      let orphan = try await orphan(state)
      guard let confirm else {
        Terminal.write(
          isJSON ? AdoptJSON.document("lost", orphan).document : AdoptText.offer(orphan))
        try end(.held)
      }
      try check(confirm, against: state.path)
      let writable = try StateFolder.open(path: settings.state, mode: .readWrite)
      let lock = try writable.lock(command: "adopt", at: WallClock.now())
      defer { lock.release() }
      let identity = try writable.adopt(as: orphan.heir)
      Terminal.write(
        isJSON
          ? AdoptJSON.document("adopted", orphan).document
          : AdoptText.done(orphan, controller: identity.shortID))
    }
  }

  private func say(_ isJSON: Bool, _ code: String, _ words: String) {
    Terminal.write(
      isJSON
        ? AdoptJSON.document(code, nil).document
        : "\(words.escapingControls): there is nothing to take over.\n")
  }

  private func check(_ confirm: String, against path: String) throws(EffectFailure) {
    guard Composition.absolute(confirm) == path else {
      throw EffectFailure(
        "not-confirmed", "\(confirm.escapingControls) is not the state directory \(path)",
        fix: "muster adopt --confirm \(path)", retry: .withNewContent)
    }
  }

  private func orphan(_ state: StateFolder) async throws(EffectFailure) -> OrphanedState {
    let memory = try await state.store().load()
    return OrphanedState(
      path: state.path, parts: try state.parts(),
      apps: memory.apps.mapValues { $0.currentRelease?.number },
      controllers: try Composition.controllers(inState: state.path))
  }
}
