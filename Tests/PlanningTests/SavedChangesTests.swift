// A saved plan bounds a run: its own changes go through, whatever else is wanted stops the app.

import FormationModel
import Planning
import Testing

@Suite struct `The bounds of a saved plan` {
  private let first = Scene(formation: "web=2 worker=1").plan()

  @Test func `let through what the plan has, step by step`() {
    let bounds = first.savedChanges
    #expect(bounds.bounding(first) == first)
    var scene = Scene(formation: "web=2 worker=1", observed: ["web.1@v1a#1 booting"])
    scene.remember("web=2 worker=1", releases: "v1a")
    scene.memory.apps[Scene.app]?.convergence = nil
    let next = scene.plan()
    #expect(!next.next.isEmpty)
    #expect(bounds.bounding(next) == next)
    scene.observed = ["web.1@v1a#1 exit1@1", "web.2@v1a#1 up", "worker.1@v1a#1 up"]
    let again = scene.plan()
    #expect(again.changeLines == ["+ web.1"])
    #expect(bounds.bounding(again) == again, "starting it again leads to the same")
  }

  @Test func `stop an app that wants another slot, release or removal`() {
    let bounds = first.savedChanges
    for (formation, content) in [("web=3 worker=1", "a"), ("web=2 worker=1", "b"), ("web=1", "a")] {
      var scene = Scene(
        formation: formation, content: content,
        observed: ["web.1@v1a#1 up", "web.2@v1a#1 up", "worker.2@v1a#1 up"])
      scene.remember("web=2 worker=1", releases: "v1a")
      let plan = scene.plan()
      let bounded = bounds.bounding(plan)
      #expect(!plan.next.isEmpty)
      #expect(bounded.apps.flatMap(\.next) == [], "\(formation) \(content)")
      #expect(bounded.holds.last?.code == "OutsideSavedPlan", "\(formation) \(content)")
      #expect(bounded.changes == plan.changes, "what is left is still told")
    }
  }

  @Test func `stop everything when git asks for another commit`() {
    var other = first
    other.revision = RevisionID(rawValue: "0ther")
    let bounded = first.savedChanges.bounding(other)
    #expect(bounded.next.isEmpty)
    #expect(bounded.holds.map(\.code) == ["OutsideSavedPlan"])
  }
}
