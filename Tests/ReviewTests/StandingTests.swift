// `ps`, `status`, `holds`, `catalog` and `doctor` as people read them.

import FormationModel
import Planning
import Review
import Testing

@Suite struct `Standings` {
  private func dyno(
    _ slot: SlotID, _ state: DynoStanding.State, since: LoopTime?, command: String = "npm start",
    exit: InstanceExit? = nil, crashes: Int = 0, nextStart: LoopTime? = nil
  ) throws -> DynoStanding {
    DynoStanding(
      slot: slot, state: state, since: since, instance: nil, exit: exit, crashes: crashes,
      nextStart: nextStart, command: command, size: try name("standard-1x"))
  }

  @Test func `ps is Heroku's, then ours`() throws {
    let dynos = [
      try dyno(try slot("shop/web.1"), .up, since: noon + .seconds(-3600)),
      try dyno(try slot("shop/web.2"), .starting, since: noon),
      try dyno(
        try slot("shop/worker.1"), .crashed, since: noon + .seconds(-120), command: "work",
        exit: exit(1), crashes: 7, nextStart: noon + .seconds(220)),
      try dyno(try slot("shop/worker.2"), .down, since: nil, command: "work"),
    ]
    let text = PsText(clock: LocalClock(now: noon))
    #expect(
      text.render(app: try app("shop"), dynos) == """
        === web (Standard-1X): npm start (2)
        web.1: up 2026/01/31 10:00:00 +0000 (~ 1h ago)
        web.2: starting 2026/01/31 11:00:00 +0000 (~ 0s ago)

        === worker (Standard-1X): work (2)
        worker.1: crashed 2026/01/31 10:58:00 +0000 (~ 2m ago): exit 1, 7th time, \
        next start in 3m 40s
        worker.2: down

        """)
    #expect(text.render(app: try app("shop"), []) == "No dynos on ⬢ shop\n")
    let none = text.render(app: try app("shop"), dynos, process: try type("clock"))
    #expect(none == "No clock dynos on ⬢ shop\n")
  }

  @Test func `ps says who stopped what ought to run, and how it starts again`() throws {
    let web = try dyno(try slot("shop/web.1"), .up, since: noon)
    let stopped = StoppedDyno(
      slot: try slot("shop/worker.1"), origin: OrderOrigin(by: "root", at: noon))
    let text = PsText(clock: LocalClock(now: noon))
    let line = "worker.1: stopped by root; `muster start shop/worker.1` starts it again\n"
    #expect(
      text.render(app: try app("shop"), [web], stopped: [stopped]) == """
        === web (Standard-1X): npm start (1)
        web.1: up 2026/01/31 11:00:00 +0000 (~ 0s ago)

        \(line)
        """)
    let worker = try type("worker")
    #expect(text.render(app: try app("shop"), [], stopped: [stopped], process: worker) == line)
    let json = PsJSON.document([web], stopped: [stopped]).line
    #expect(json.contains(#""stopped":[{"app":"shop","name":"worker.1","type":"worker","by":"ro"#))
  }

  @Test func `ps says since when a dyno crashes, once it has crashed twice`() throws {
    let dyno = try dyno(
      try slot("shop/worker.1"), .crashed, since: noon + .seconds(-120), command: "work",
      exit: exit(1), crashes: 7, nextStart: noon + .seconds(220))
    var text = PsText(clock: LocalClock(now: noon))
    text.crashing = [try slot("shop/worker.1"): noon + .seconds(-1500)]
    #expect(
      text.render(app: try app("shop"), [dyno]) == """
        === worker (Standard-1X): work (1)
        worker.1: crashed 2026/01/31 10:58:00 +0000 (~ 2m ago): exit 1, 7th time since \
        2026/01/31 10:35:00 +0000 (~ 25m ago), next start in 3m 40s

        """)
    let json = PsJSON.document([dyno], crashing: text.crashing).line
    #expect(json.contains(#""crashes":7,"crashing_since":"2026-01-31T10:35:00.000Z""#))
    #expect(PsJSON.document([dyno]).line.contains(#""crashing_since":null"#))
  }

  @Test func `status says for a week that memory was lost, its JSON for ever`() throws {
    let standing = AppStanding(AppPlan(app: try app("shop")))
    let young = StatusText(clock: LocalClock(now: noon + .seconds(3600)))
    #expect(
      young.render([standing], lostAt: noon) == """
        APP   SYNC    HEALTH   DYNOS  RELEASE
        shop  Synced  Healthy  0/0    none

        Memory was lost, and begins anew at 2026/01/31 11:00:00 +0000 (~ 1h ago): release numbers \
        go on from the dynos that ran; holds, backoff and history of before are forgotten.

        """)
    let old = StatusText(clock: LocalClock(now: noon + .seconds(8 * 86_400)))
    #expect(!old.render([standing], lostAt: noon).contains("lost"))
    let json = StatusJSON.document([standing], lostAt: noon).line
    #expect(json.hasSuffix(#""memory_lost_at":"2026-01-31T11:00:00.000Z"}"#))
  }

  @Test func `holds say since when`() throws {
    let hold = Hold(
      HoldID("suspended/shop"), app: try app("shop"), .suspended(.deploys),
      release: "take `suspend` out of apps/shop/app.yaml")
    var text = HoldsText()
    text.since = [hold.id: noon]
    text.clock = LocalClock(now: noon + .seconds(300))
    #expect(
      text.render([hold]) == """
        Held:
          suspended/shop  shop: the manifest suspends deploys; repair goes on
            since 2026/01/31 11:00:00 +0000 (~ 5m ago)
            to free it: take `suspend` out of apps/shop/app.yaml

        """)
    let json = HoldsJSON.document([hold], since: text.since).line
    #expect(json.contains(#""since":"2026-01-31T11:00:00.000Z""#))
  }

  @Test(arguments: [
    ("eco", "Eco"), ("standard-1x", "Standard-1X"), ("performance-l-ram", "Performance-L-RAM"),
    ("private-2xl", "Private-2XL"), ("team-special", "Team-Special"),
  ])
  func `a size is printed as Heroku prints it`(size: String, title: String) throws {
    #expect(DynoTypeText.title(try name(size)) == title)
  }

  @Test func `status is a table, and below it what is not well`() throws {
    var part = AppPlan(app: try app("shop"))
    part.dynos = [try dyno(try slot("shop/web.1"), .up, since: noon)]
    var well = AppStanding(part)
    well.release = 3
    well.revision = ada.id
    part.app = try app("billing")
    part.sync = SyncStatus(.outOfSync, .held)
    part.health = HealthStatus(.degraded, .crashing)
    part.dynos = [try dyno(try slot("billing/web.1"), .crashed, since: noon)]
    part.holds = [
      Hold(
        HoldID("config-missing/billing"), app: part.app,
        .configMissing([try #require(ConfigKey(rawValue: "TOKEN"))]),
        release: "set it in app.yaml")
    ]
    var ill = AppStanding(part)
    ill.healthSince = noon
    #expect(
      StatusText(clock: LocalClock(now: noon + .seconds(60))).render([ill, well]) == """
        APP      SYNC       HEALTH    DYNOS  RELEASE
        billing  OutOfSync  Degraded  0/1    none
        shop     Synced     Healthy   1/1    v3 (4e8d2a7)

        billing
          Held: a hold keeps what git asks for from being done
          config var TOKEN is required and without a value
            to free it: set it in app.yaml
          Crashing: a dyno dies again and again, since 2026/01/31 11:00:00 +0000 (~ 1m ago)

        """)
    let complaint = EffectFailure(
      "bad-page", "the page is too large", fix: "make it smaller", retry: .withNewContent)
    let text = StatusText(clock: LocalClock(now: noon)).render([], complaints: [complaint])
    #expect(text == "No apps.\n\n! router  the page is too large\n    make it smaller\n")
    let json = StatusJSON.document([ill], complaints: [complaint]).line
    #expect(json.contains(#""router_complaints":[{"code":"bad-page","#))
    #expect(
      json.contains(
        #""health":{"value":"Degraded","reason":"Crashing","since":"2026-01-31T11:00:00.000Z"}"#))
  }

  @Test func `holds say what frees them`() throws {
    let removal = RemovalSummary(
      apps: [try app("old"), try app("shop")], processes: ["billing/clock"], dynos: 3, total: 9)
    let hold = Hold(
      HoldID("removal-3a9f2c"), app: nil, .removal(removal),
      release: "muster confirm removal-3a9f2c")
    #expect(
      HoldsText().render([hold]) == """
        Held:
          removal-3a9f2c  2 apps (old, shop) and 1 process type (billing/clock) would go, \
        with 3 of 9 dynos: more than one commit may remove without consent
            to free it: muster confirm removal-3a9f2c

        """)
    #expect(HoldsText().render([]) == "Nothing is held.\n")
    #expect(HoldsJSON.document([hold]).line.contains(#""reason":"DeletionBudget""#))
  }

  @Test func `the catalog lists sizes by tier and memory, prices labelled`() throws {
    let text = CatalogText().render(try catalog())
    #expect(
      text.hasPrefix(
        """
        === Dyno types
        SIZE         TIER      MEMORY  KILLED AT  CPU        PROCESSES  SLEEPS  PER MONTH*
        standard-1x  standard  512 MB  1 GB       1x shared  256        no      $25
        standard-2x  standard  1 GB    2 GB       2x shared  512        no      $50
        * Heroku list price
        """))
    #expect(CatalogJSON.document(try catalog()).line.contains(#""heroku_list_price_cents":2500"#))
  }

  @Test func `the catalog says that cores are not set aside`() throws {
    var catalog = try catalog()
    let performance = try name("performance-m")
    catalog.dynoTypes[performance] = DynoType(
      name: performance, tier: .performance, memoryBytes: 5 << 29, memoryKillBytes: 5 << 30,
      cpuShare: 12, dedicatedCores: 2, processLimit: 16384, sleeps: false, monthlyCents: 25000)
    let text = CatalogText().render(catalog)
    #expect(text.contains("12x shared, 2 cores**"))
    #expect(text.contains("** Of its own, where the machine has as many\n"))
  }

  @Test func `doctor names a fix for each lack, and what it comes to`() {
    let checks = [
      MachineCheck("git", "git", .found("/usr/bin/git")),
      MachineCheck("conmon", "conmon", .missing("is not installed", fix: "apt install conmon")),
    ]
    #expect(
      DoctorText().render(checks, runtime: "embedded") == """
        ok       git: /usr/bin/git
        missing  conmon: is not installed
                 fix: apt install conmon
        The embedded runtime cannot work on this machine: 1 missing.

        """)
  }
}
