// One-off dynos by command: begun once, beside the formation, ended with whoever they belong to.

import FormationModel
import Testing

@testable import Planning

@Suite struct OneOffTests {
  private static let request = OneOffRequest(
    token: "a", command: "bash", size: .standardSize, timeToLive: .seconds(60))

  /// An app that stands, and that somebody asked for a one-off dyno of.
  private func asked(_ request: OneOffRequest = request) -> Scene {
    var scene = Scene(formation: "web=1", content: "a", observed: ["web.1@v1a#1 up"])
    scene.remember("web=1", releases: "v1a")
    give(.run(Scene.app, request), &scene)
    return scene
  }

  private func give(_ wish: Wish, _ scene: inout Scene) {
    let order = Order(by: "ada", at: scene.now, wish).noted(nil, scene.memory)
    scene.memory.apply(.order(order), releasesKept: 10)
  }

  private func with(
    _ phase: InstancePhase, _ scene: Scene, isAttended: Bool? = nil, for span: Int = 5
  ) -> Scene {
    var scene = scene
    scene.more = [
      ObservedInstance(
        id: .oneOff(1, of: Scene.app, release: 1), phase: phase, form: nil,
        startedAt: scene.now + .seconds(-span), isAttended: isAttended)
    ]
    return scene
  }

  private func exited(_ code: Int?) -> InstancePhase {
    .exited(InstanceExit(code: code, at: Scene().now, requested: false))
  }

  private func phase(_ scene: Scene) -> ReleasePhase? {
    scene.memory.apps[Scene.app]?.oneOffs.requested(as: "a")?.phase
  }

  @Test func `it begins after that is noted, and nobody waits for its end`() {
    let scene = asked()
    #expect(scene.plan().memoryLines == ["run.1 begun #1"])
    #expect(scene.plan().stepLines == ["start run.1@v1#1"])
    #expect(scene.plan().changeLines.isEmpty)
    let running = with(.running, scene.written)
    #expect(running.plan().isConverged)
    #expect(running.plan().apps[0].oneOffs.map(\.state) == [.up])
    // Its time is looked after all the same.
    #expect(running.plan().apps[0].nextCycle == running.now + .seconds(55))
  }

  @Test(arguments: [0, 7, 143, nil] as [Int?])
  func `it ends, is removed, and is not run again`(_ code: Int?) {
    let ended = with(exited(code), asked().written).written
    let expected: ReleasePhase =
      switch code {
      case 0: .succeeded
      case nil: .failed(.unknown(attempt: 1))
      case let code: .failed(.exited(InstanceExit(code: code, at: ended.now, requested: false)))
      }
    #expect(phase(ended) == expected)
    #expect(ended.plan().stepLines == ["remove run.1@v1#1"])
    var after = ended
    after.more = []
    #expect(after.plan().isConverged)
    #expect(after.plan().apps[0].oneOffs.isEmpty)
  }

  @Test func `nobody knows whether it ran: it is not run again`() {
    let lost = asked().written.written
    #expect(phase(lost) == .failed(.unknown(attempt: 1)))
    #expect(lost.plan().stepLines.isEmpty)
  }

  @Test func `what was made and never started is removed, not started`() {
    let made = with(.created, asked().written).written
    #expect(phase(made) == .failed(.notStarted))
    #expect(made.plan().stepLines == ["remove run.1@v1#1"])
  }

  @Test func `it ends with its terminal, when its time is over, or when somebody says so`() {
    let attended = with(.running, asked().written, isAttended: true)
    #expect(attended.plan().stepLines.isEmpty)
    let left = with(.running, asked().written, isAttended: false)
    #expect(left.plan().stepLines == ["stop run.1@v1#1"])
    #expect(left.plan().next.map(\.reason) == [.sessionGone])
    let late = with(.running, asked().written, for: 60)
    #expect(late.plan().next.map(\.reason) == [.releaseTimeout(.seconds(60))])
    var stopped = with(.running, asked().written)
    give(.stop(DynoSelector(Scene.app, .run, 1)), &stopped)
    #expect(stopped.plan().next.map(\.reason) == [.stoppedByHand(by: "ada")])
    // One that has not begun does not begin.
    var early = asked()
    give(.stop(DynoSelector(Scene.app, .run)), &early)
    #expect(early.plan().memoryLines == ["run.1 not started"] && early.plan().stepLines.isEmpty)
  }

  @Test func `a monitor that died ends nothing`() {
    let unwatched = with(.unsupervised, asked().written)
    #expect(unwatched.plan().stepLines.isEmpty && unwatched.plan().isConverged)
    #expect(
      with(.unsupervised, asked().written, for: 60).plan().stepLines == ["stop run.1@v1#1"])
  }

  @Test func `a suspended app's goes on to its end, and none begins`() {
    let wish = Wish.suspend(.apps([Scene.app]), .everything)
    var pending = asked()
    give(wish, &pending)
    #expect(pending.plan().stepLines.isEmpty && pending.plan().memoryLines.isEmpty)
    var left = with(.running, asked().written, isAttended: false)
    give(wish, &left)
    #expect(left.plan().stepLines == ["stop run.1@v1#1"])
    var ended = with(exited(0), asked().written)
    give(wish, &ended)
    #expect(ended.plan().memoryLines == ["run.1 succeeded"])
  }

  @Test func `one that nobody remembers ends with its terminal, and keeps nobody waiting`() {
    var lost = with(.running, asked().written, isAttended: true)
    lost.memory.apps[Scene.app]?.oneOffs = OneOffs()
    #expect(lost.plan().isConverged)
    var left = with(.running, asked().written, isAttended: false)
    left.memory.apps[Scene.app]?.oneOffs = OneOffs()
    #expect(left.plan().next.map(\.reason) == [.sessionGone])
  }

  @Test func `the newest ends stay known, and no variables with them`() {
    var scene = asked()
    let key = ConfigKey(rawValue: "TOKEN")
    for number in 0..<OneOffs.endedKept + 5 {
      var request = OneOffRequest(token: "\(number)", command: "true")
      if let key { request.environment = [key: ConfigValue("secret")] }
      give(.run(Scene.app, request), &scene)
      scene.memory.apply(.oneOff(Scene.app, number: number + 2, .succeeded), releasesKept: 10)
    }
    // The one that was asked for first ends last.
    scene.memory.apply(.oneOff(Scene.app, number: 1, .succeeded), releasesKept: 10)
    let oneOffs = scene.memory.apps[Scene.app]?.oneOffs
    #expect(oneOffs?.all.count == OneOffs.endedKept)
    #expect(oneOffs?.requested(as: "a") != nil && oneOffs?.requested(as: "0") == nil)
    #expect(oneOffs?.all.allSatisfy(\.request.environment.isEmpty) == true)
  }

  @Test(arguments: [(DynoType.Tier.eco, 1), (.basic, 50), (.standard, 50), (.performance, 5)])
  func `an app has so many of a tier at once`(_ tier: DynoType.Tier, _ limit: Int) {
    var scene = asked()
    scene.memory.apps[Scene.app]?.oneOffs = OneOffs()
    let size = "one".catalogName
    let type = DynoType(
      name: size, tier: tier, memoryBytes: 1, memoryKillBytes: 1, cpuShare: 1,
      dedicatedCores: nil, processLimit: 1, sleeps: false, monthlyCents: nil)
    let catalog = Catalog(dynoTypes: [size: type])
    func order(_ number: Int) -> Order {
      let request = OneOffRequest(token: "\(number)", command: "true", size: size)
      return Order(by: "ada", at: scene.now, .run(Scene.app, request))
    }
    for number in 0..<limit {
      #expect(order(number).refusal(in: nil, memory: scene.memory, catalog: catalog) == nil)
      give(order(number).wish, &scene)
    }
    let refusal = order(limit).refusal(in: nil, memory: scene.memory, catalog: catalog)
    #expect(refusal?.message.contains("which is the limit") == true)
    scene.memory.apply(.oneOff(Scene.app, number: 1, .succeeded), releasesKept: 10)
    #expect(order(limit).refusal(in: nil, memory: scene.memory, catalog: catalog) == nil)
  }

  @Test func `what cannot be seen begins nothing`() {
    let plan = asked().plan(isComplete: false)
    #expect(plan.stepLines.isEmpty && plan.memoryLines.isEmpty)
  }

  @Test func `an app that leaves takes its one-off dynos along`() {
    var leaving = with(.running, asked().written)
    leaving.memory.apply(.forget(Scene.app), releasesKept: 10)
    #expect(leaving.memory.apps[Scene.app]?.oneOffs.all.isEmpty == true)
    give(.run(Scene.app, OneOffRequest(token: "b", command: "true")), &leaving)
    #expect(leaving.memory.apps[Scene.app]?.oneOffs.all.map(\.number) == [2])
  }
}
