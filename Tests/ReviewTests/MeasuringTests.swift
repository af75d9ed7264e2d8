// The words for what dynos use, what lies on the disk and what was freed.

import FormationModel
import Planning
import Review
import Testing

@Suite struct MeasuringTests {
  private let now = LoopTime(milliseconds: 1_800_000_000_000)

  private func id(_ app: String, _ ordinal: Int, attempt: Int = 1) throws -> InstanceID {
    let app = try #require(AppName(rawValue: app))
    return InstanceID(slot: SlotID(app, .web, ordinal), release: 3, attempt: attempt)
  }

  private func instance(_ id: InstanceID, _ phase: InstancePhase, crashes: Int = 0) throws
    -> ObservedInstance
  {
    let size = try #require(CatalogName(rawValue: "standard-1x"))
    let stack = try #require(CatalogName(rawValue: "busybox"))
    let digest = ContentDigest(rawValue: String(repeating: "5", count: 64))
    let content = ReleaseContent(
      digest: digest,
      slug: SlugReference(digest: digest, revision: RevisionID(rawValue: "c0ffee"), folder: ""),
      stack: StackReference(
        stack: Stack(name: stack, source: .busybox, shell: "/bin/sh"), digest: digest),
      commands: [], config: [])
    let type = DynoType(
      name: size, tier: .standard, memoryBytes: 512 << 20, memoryKillBytes: 1 << 30, cpuShare: 1,
      dedicatedCores: nil, processLimit: 256, sleeps: false, monthlyCents: nil)
    let process = DesiredProcess(type: .web, command: "serve", quantity: 1, size: size)
    return ObservedInstance(
      id: id, phase: phase, form: InstanceForm(content: content, process: process, size: type),
      crashes: crashes, startedAt: now + .seconds(-90))
  }

  private func sample(
    at instant: Duration, _ used: [InstanceID: (Int64, Duration)], pressure: ResourcePressure? = nil
  ) -> MachineSample {
    MachineSample(
      instant: instant,
      machine: MachineCapacity(
        cores: 2, memoryBytes: 8 << 30, availableBytes: 6 << 30, load: [0.5, 0.25, 0]),
      instances: used.mapValues { use in
        InstanceSample(
          memory: MemoryUse(rss: use.0, cache: 1 << 20), cpuTime: use.1, throttledTime: .zero,
          processes: 2, tasks: 9, taskLimit: 256, pressure: pressure)
      },
      monitors: ProcessSample(count: 2, memoryBytes: 2 << 20, cpuTime: .zero),
      muster: ProcessSample(count: 1, memoryBytes: 30 << 20, cpuTime: .zero))
  }

  private func report() throws -> MetricsReport {
    let (one, two) = (try id("shop", 1, attempt: 4), try id("shop", 2))
    let ended = InstanceExit(code: 1, at: now, requested: false)
    return MetricsReport(
      [try instance(one, .running, crashes: 1), try instance(two, .exited(ended))],
      from: sample(at: .seconds(10), [one: (50 << 20, .seconds(5))]),
      to: sample(at: .seconds(11), [one: (50 << 20, .milliseconds(5_120))]), at: now)
  }

  @Test func `metrics as a table`() throws {
    let lines = words(MetricsText(clock: LocalClock(now: now)).render(try report()))
    #expect(
      lines == [
        "=== shop: 1 dyno runs, 51 MB of 512 MB (10 %), 12 % of a core",
        "dyno memory rss cache swap cpu throttled processes restarts crashes up",
        "web.1 (v3) 51 MB of 512 MB (10 %) 50 MB 1 MB 0 B 12 % 0 % 2 (9 of 256) 3 1 1m 30s",
        "web.2 (v3) does not run - - - - - - 0 0 -",
        "together: 1 dyno runs, 51 MB of 512 MB (10 %), 12 % of a core; "
          + "machine: 2 cores, load 0.5 0.25 0, 6 GB of 8 GB available; measured over 1s",
      ])
  }

  /// The lines with one space between words: widths are the table's business.
  private func words(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
  }

  @Test func `metrics as JSON are absolute numbers`() throws {
    let text = MetricsJSON.document(try report()).line
    for part in [
      #""window":1,"#, #""cores":2,"memory":8589934592,"available":6442450944,"load":[0.5,0.25,0]"#,
      #""memory":{"total":53477376,"rss":52428800,"cache":1048576,"swap":0}"#,
      #""memory_quota":536870912"#,
      #""cpu_share":0.12,"cpu_seconds":5.12,"cores":null,"#,
      #""cores":null,"throttled_share":0,"throttled_seconds":0"#,
      #""pressure":null,"processes":2,"tasks":9,"task_limit":256"#,
      #""restarts":3,"crashes":1,"uptime":90"#,
      #""name":"web.2","release":3,"attempt":1,"size":"standard-1x","running":false,"memory":null"#,
    ] { #expect(text.contains(part), "\(part) is not in \(text)") }
  }

  @Test func `requests of an app are told with its dynos, and in JSON`() throws {
    let shop = try #require(try id("shop", 1).slot.app)
    var requests = AppRequests(app: shop)
    (requests.requests, requests.bytes, requests.active) = (51_240, 3 << 20, 3)
    requests.statuses = ["2xx": 51_200, "5xx": 40]
    requests.codes = ["H12": 38]
    requests.last = now + .seconds(-2)
    requests.minute.requests = 240
    requests.minute.serverErrors = 2
    requests.minute.perSecond = 4.04
    requests.minute.service = SpanPercentiles(
      p50Milliseconds: 12, p95Milliseconds: 40, p99Milliseconds: 80)
    var report = try report()
    report.requests = RequestMetrics(
      at: now, since: now + .seconds(-3_600), apps: [requests],
      unrouted: AppRequests(app: nil), losses: RequestLosses())
    let lines = words(MetricsText(clock: LocalClock(now: now)).render(report))
    let told = try #require(lines.first { $0.contains("in the last minute") })
    for part in [
      "240 requests in the last minute (4 a second), 2 of them failed, p50 12ms, p95 40ms, "
        + "p99 80ms, 3 under way; 51240 since ",
      ": 2xx 51200, 5xx 40; H12 38; 3 MB sent; the last one 2s ago",
    ] { #expect(told.contains(part), "\(told)") }
    let text = MetricsJSON.document(report).line
    for part in [
      #""statuses":[{"class":"2xx","count":51200},{"class":"5xx","count":40}]"#,
      #""active":3"#, #""service":{"p50":12,"p95":40,"p99":80}"#,
    ] { #expect(text.contains(part), "\(part) is not in \(text)") }
    var standing = AppStanding(AppPlan(app: shop))
    standing.requests = requests
    let status = StatusText(clock: LocalClock(now: now)).render([standing])
    #expect(status.contains("240/min, p95 40ms"), "\(status)")
  }

  @Test func `usage by kind, the largest first`() throws {
    let one = try id("shop", 1)
    let items = [
      StoredItem(.slug, "a", bytes: 1 << 20), StoredItem(.slug, "b", bytes: 1 << 20),
      StoredItem(.stack, "c", bytes: 200 << 20), StoredItem(.database, "d", bytes: 4096),
    ]
    let space = DiskSpace(total: 100 << 30, free: 1 << 30, reserved: 64 << 20)
    let report = UsageReport(
      items, space: space, from: sample(at: .zero, [one: (1 << 20, .zero)]),
      to: sample(at: .seconds(1), [one: (1 << 20, .milliseconds(250))]))
    let lines = words(UsageText().render(report))
    #expect(
      lines == [
        "on the disk bytes", "1 stack 200 MB", "2 slugs 2 MB", "1 database file 4 kB",
        "together 202 MB",
        "free: 1 GB of 100 GB (1 %), 64 MB set aside for a full disk: less than 2 GB; `muster gc`",
        "running memory cpu", "1 dynos 2 MB 25 %", "2 monitors 2 MB 0 %", "1 muster 30 MB 0 %",
      ])
    let json = UsageJSON.document(report).line
    #expect(json.contains(#""low":true,"used":211816448"#))
    #expect(json.contains(#"{"kind":"slug","count":2,"bytes":2097152}"#))
  }

  @Test func `what was freed, what was not, and why`() throws {
    let one = try id("shop", 1)
    let slug = StoredItem(.slug, String(repeating: "ab", count: 32), bytes: 3 << 20)
    let log = StoredItem(.log, "\(one)", instance: one, bytes: 1 << 20)
    let space = DiskSpace(total: 100 << 30, free: 50 << 30, reserved: 0)
    let failure = EffectFailure("in-use", "slug is in use", retry: .later)
    let report = CollectionReport(
      isDry: false,
      entries: [
        .init(CollectedItem(slug, .unreferenced), .failed(failure)),
        .init(CollectedItem(log, .slotGone), .done),
      ],
      packings: [.init(mirror: "0123456789abcdef", freed: 1 << 20, skipped: nil)], space: space)
    #expect(report.hasFailures)
    let lines = words(CollectionText().render(report))
    #expect(
      lines == [
        "- slug abababababab 3 MB no kept release, dyno or commit in force needs it "
          + "not removed: slug is in use",
        "- dyno's output shop.web.1.v3.1 1 MB its dyno is gone from the formation",
        "mirror 0123456789ab was packed: 1 MB less",
        "Freed 2 MB: 1 dyno's output. 50 GB are free.",
      ])
    let dry = CollectionReport(
      isDry: true, entries: [.init(CollectedItem(slug, .unreferenced), nil)], packings: [],
      space: space)
    #expect(CollectionText().render(dry).hasSuffix("Would free 3 MB: 1 slug. 50 GB are free.\n"))
    let none = CollectionReport(isDry: false, entries: [], packings: [], space: space)
    #expect(CollectionText().render(none) == "Nothing to free. 50 GB are free.\n")
    #expect(CollectionJSON.document(dry).line.contains(#""dry":true,"freed":3145728"#))
  }

  @Test func `bytes in words`() {
    let words: [(Int64, String)] = [
      (0, "0 B"), (999, "999 B"), (1024, "1 kB"), (1536, "1.5 kB"), (512 << 20, "512 MB"),
      (1 << 30, "1 GB"), (54_317_056, "51.8 MB"), (220_000_000, "209 MB"), (5 << 29, "2.5 GB"),
    ]
    for (bytes, text) in words { #expect(BytesText.words(bytes) == text) }
  }

  @Test func `lines of both sources come in order of time`() {
    func entry(_ second: Int, _ text: String) -> LogEntry {
      LogEntry(at: now + .seconds(second), app: nil, source: .app, dyno: "web.1", text: text)
    }
    let merged = LogEntry.merged(
      [entry(1, "a"), entry(3, "b"), entry(2, "later by the clock, earlier in the file")],
      [entry(1, "c"), entry(2, "d"), entry(9, "e")])
    #expect(
      merged.map(\.text)
        == ["a", "c", "d", "b", "later by the clock, earlier in the file", "e"])
  }

  @Test func `a line of several apps names its app`() throws {
    let app = try #require(AppName(rawValue: "shop"))
    var text = LogText(escapes: true)
    text.showsApp = true
    let entry = LogEntry(
      at: now, app: app, source: .heroku, dyno: "web.1",
      text: "State changed from starting to up")
    #expect(
      text.line(entry)
        == "2027-01-15T08:00:00.000000+00:00 heroku[shop/web.1]: State changed from starting to up")
    let json = LogJSON.document(entry).line
    #expect(json.contains(#""release":null,"source":"heroku","stream":null"#))
  }
}
