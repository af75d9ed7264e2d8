// Secrets that are missing or lost hold their app and stop nothing; another version is a release.

import FormationModel
import Planning
import Testing

@Suite struct SecretHoldsTests {
  private let scene: Scene
  private let key: ConfigKey
  private let name: SecretName

  /// An app that runs with version 2 of its secret.
  init() throws {
    key = try #require(ConfigKey(rawValue: "STRIPE_KEY"))
    name = try #require(SecretName(rawValue: "stripe"))
    var scene = Scene(formation: "web=1", observed: ["web.1@v1a#1 up"])
    scene.remember("web=1", releases: "v1a")
    self.scene = scene
  }

  private func content(_ tag: String, _ source: ConfigSource, _ version: Int) -> ReleaseContent {
    let plain = scene.releaseContent(tag, scene.desiredApp())
    let secret = SecretVersion(.app, version)
    let named = source == .generated ? nil : name
    let entry = ReleaseConfigEntry(
      key: key, source: source,
      fingerprint: SecretFingerprint(named, secret).text(hash: "hash\(version)"), secret: secret)
    return ReleaseContent(
      digest: ContentDigest(rawValue: "\(plain.digest) \(entry.fingerprint)"), slug: plain.slug,
      stack: plain.stack, commands: plain.commands, config: [entry])
  }

  /// The plan for an app that wants `wanted`, while its release has `had`.
  private func plan(
    _ source: ConfigSource, had: Int?, wanted: Int?, problem: SecretProblem.Kind? = nil,
    restarting: Bool = false
  ) throws -> Plan {
    var memory = scene.memory
    if restarting {
      memory.apps[Scene.app]?.accepted?.rollout.strategy = .recreate
      let slot = SlotID(Scene.app, .web, 1)
      memory.apps[Scene.app]?.restarts[slot] = RestartMark(attempt: 1, by: "ada")
    }
    memory.secrets = [SecretID(app: Scene.app, key: key)]
    var observed = scene.observed.map(scene.instance)
    if let had {
      let content = content("a", source, had)
      let size = try #require(Scene.catalog.dynoTypes["standard-1x".catalogName])
      let process = try #require(scene.desiredApp().process(.web))
      memory.apps[Scene.app]?.releases = [
        Release(
          number: 1, content: content, revision: Scene.revision.id, recordedAt: scene.now,
          summary: "")
      ]
      observed = observed.map { old in
        ObservedInstance(
          id: old.id, phase: old.phase,
          form: InstanceForm(content: content, process: process, size: size), crashes: 0,
          startedAt: old.startedAt, endpoint: old.endpoint)
      }
    }
    var app = scene.desiredApp()
    app.config = [ConfigEntry(key: key, source: source)]
    if restarting { app.rollout.strategy = .recreate }
    let problems = problem.map { [SecretProblem(key, name, $0)] } ?? []
    let resolved = ResolvedApp(
      app: app, content: wanted.map { content("a", source, $0) }, secretProblems: problems)
    let slug = ContentDigest(rawValue: "slug-a")
    return Planner.plan(
      desired: ResolvedFormation(
        revision: Scene.revision, platform: Platform(catalog: Scene.catalog), apps: [resolved]),
      observed: .complete(
        ObservedFormation(
          instances: observed, slugs: [slug], stacks: [ContentDigest(rawValue: "stack")])),
      memory: memory, context: PlanningContext(now: scene.now, catalog: Scene.catalog))
  }

  @Test func `one that was never set holds the app, with the command`() throws {
    for kind in [SecretProblem.Kind.absent, .removed] {
      let plan = try plan(.secret(name: name), had: nil, wanted: nil, problem: kind)
      #expect(plan.holds.map(\.code) == ["SecretMissing"])
      #expect(plan.holds.map(\.release) == ["muster secrets set shop stripe"])
      #expect(plan.stepLines.isEmpty)
    }
  }

  @Test func `one that a release has and the store has not is lost`() throws {
    for kind in [SecretProblem.Kind.absent, .damaged] {
      let plan = try plan(.secret(name: name), had: 2, wanted: nil, problem: kind)
      #expect(plan.holds.map(\.code) == ["SecretLost"])
      #expect(plan.stepLines.isEmpty)
    }
    let removed = try plan(.secret(name: name), had: 2, wanted: nil, problem: .removed)
    #expect(removed.holds.map(\.code) == ["SecretMissing"], "somebody took it out")
  }

  @Test func `a restart stops nothing that could not start again`() throws {
    let source = ConfigSource.secret(name: name)
    let lost = try plan(source, had: 2, wanted: nil, problem: .absent, restarting: true)
    #expect(lost.stepLines.isEmpty)
    let kept = try plan(source, had: 2, wanted: 2, restarting: true)
    #expect(kept.stepLines.contains { $0.contains("stop") }, "\(kept.stepLines)")
  }

  @Test func `a store that has older versions than a release lost the newer ones`() throws {
    for source in [ConfigSource.secret(name: name), .generated] {
      let plan = try plan(source, had: 3, wanted: 2)
      #expect(plan.holds.map(\.code) == ["SecretLost"])
      #expect(plan.stepLines.isEmpty)
      #expect(try self.plan(source, had: 3, wanted: 3).holds.isEmpty)
    }
  }

  @Test func `another version is a release, for that reason, and the manifest is not cited`() throws
  {
    for source in [ConfigSource.secret(name: name), .generated] {
      let plan = try plan(source, had: 2, wanted: 3)
      #expect(plan.changeLines == ["* v2", "± web.1 v1>v2"])
      let secrets = plan.changes.compactMap(\.because?.change.secret)
      #expect(secrets.map(\.from.number) == [2, 2] && secrets.map(\.to.number) == [3, 3])
      #expect(plan.changes.allSatisfy { $0.because?.mark == nil })
    }
  }
}
