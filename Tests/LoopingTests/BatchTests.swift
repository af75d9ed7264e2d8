// What one pass takes of a plan: no more than its share, and no note of what it does not begin.

import FormationModel
import Testing

@testable import Looping
@testable import Planning

@Suite struct BatchTests {
  private let app = AppName(rawValue: "shop").unsafelyUnwrapped

  private func start(_ id: InstanceID) throws -> Step {
    let content = try Sample.content("content")
    let size = try #require(try Sample.catalog().dynoTypes.values.first)
    let process = DesiredProcess(
      type: id.slot.process, command: "run", quantity: 1, size: size.name)
    let spec = InstanceSpec(
      id: id, content: content, command: "run", size: size, stopTimeout: .seconds(30), tcpPort: nil,
      crashes: 0, form: InstanceForm(content: content, process: process, size: size))
    return Step(app: app, .start(spec), .missing)
  }

  private func plan(_ steps: Step...) -> Plan {
    var part = AppPlan(app: app)
    part.next = steps
    return Plan(revision: nil, apps: [part], platform: [], platformHolds: [], leftAlone: [])
  }

  @Test(arguments: [InstanceKind.dyno, .release, .oneOff])
  func `what begins is noted with its start, or not at all`(_ kind: InstanceKind) throws {
    let id: InstanceID
    var begun: [MemoryChange] = []
    switch kind {
    case .release:
      id = .release(2, of: app, attempt: 1)
      begun = [.phase(app, release: 2, .begun(attempt: 1), LoopTime(milliseconds: 0))]
    case .oneOff:
      id = .postdeploy(2, of: app, attempt: 1)
      begun = [.postdeploy(app, Postdeploy(release: 2, .begun(attempt: 1)))]
    default: id = InstanceID(slot: SlotID(app, .web, 1), release: 2, attempt: 1)
    }
    begun.append(.attempt(id.slot, 1))
    let note = Step(app: app, .remember(begun), .bookkeeping)
    let filler = Step(app: app, .kill(InstanceID("shop.web.9.v1.1").unsafelyUnwrapped), .graceOver)
    let taken = Batch(plan(note, try start(id)), limit: 1)
    #expect(taken.changes == begun && taken.steps.count == 1)
    let cut = Batch(plan(filler, note, try start(id)), limit: 1)
    #expect(cut.changes.isEmpty && cut.steps == [filler])
  }

  @Test func `a dyno in the slot of a command is not taken for it`() throws {
    let begun = MemoryChange.postdeploy(app, Postdeploy(release: 2, .begun(attempt: 2)))
    let dyno = InstanceID(slot: .postdeploy(of: app), release: 2, attempt: 1)
    let batch = Batch(
      plan(
        Step(app: app, .remember([.attempt(dyno.slot, 1), begun]), .bookkeeping), try start(dyno),
        try start(.postdeploy(2, of: app, attempt: 2))), limit: 9)
    #expect(batch.changes == [.attempt(dyno.slot, 1)])
  }
}
