// Every reason, wait and status has its words, and these are they.

import FormationModel
import Planning
import Review
import Testing

@Suite struct `Words` {
  @Test(
    arguments: [
      (.firstRelease, "first release"),
      (.contentChanged([change("slug", "aaaaaaaaaaaa", "bbbbbbbbbbbb")]), "slug changed"),
      (
        .outdated([
          change("env.KEY", "set", "changed"), change("env.NEW", "unset", "set"),
          change("env.OLD", "set", "unset"),
        ]), "env.KEY changed, env.NEW added, env.OLD removed"
      ),
      (
        .outdated(["a", "b", "c", "d", "e"].map { change("env.\($0)", "set", "changed") }),
        "env.a changed, env.b changed, env.c changed and 2 more"
      ),
      (.outdated([change("size", "standard-1x", "standard-2x")]), "size standard-1x → standard-2x"),
      (
        .outdated([change("size.memory", "536870912", "1073741824")]),
        "size.memory 512 MB → 1 GB"
      ),
      (
        .outdated([change("command", "npm start", "npm run web")]),
        "command `npm start` → `npm run web`"
      ),
      (.outdated([]), "release content changed"),
      (.outdatedUnknown, "runs something else; which fields differ is not known any more"),
      (.quantityRaised(from: 1, to: 3), "quantity 1 → 3"),
      (.quantityLowered(from: 3, to: 0), "quantity 3 → 0"),
      (.processRemoved, "process type removed"),
      (.appRemoved, "app removed from the repository"),
      (.crashed(exit(1), count: 7), "crashed: exit 1, 7th time"),
      (.crashed(exit(137), count: 1), "crashed: exit 137, killed by SIGKILL"),
      (.crashed(exit(137, outOfMemory: true), count: 2), "crashed: out of memory (R15), 2nd time"),
      (.crashed(exit(nil), count: 1), "crashed: exit code unknown"),
      (
        .bootTimeout(.loopbackOnly, limit: .seconds(60)),
        "not healthy within 1m (R10): it listens on 127.0.0.1 only; bind to 0.0.0.0:$PORT"
      ),
      (.bootTimeout(nil, limit: .seconds(90)), "not healthy within 1m 30s (R10)"),
      (.missing, "dyno is gone, and Muster did not stop it"),
      (.unsupervised, "its monitor died; exit code unknown"),
      (.neverStarted, "container was made and never started"),
      (.duplicate, "second dyno in one slot"),
      (.superseded, "its successor is up"),
      (.graceOver, "grace period is over (R12)"),
      (.scaledByHand(from: 4, to: 0, by: "ada"), "quantity 4 → 0, by ada"),
      (
        .sizedByHand(from: "standard-1x".size, to: "standard-2x".size, by: "ada"),
        "size standard-1x → standard-2x, by ada"
      ),
      (.bookkeeping, "nothing runs from it any more"),
      (.needed, "a dyno needs it to start"),
    ] as [(Reason, String)])
  func `a reason reads as`(reason: Reason, words: String) {
    #expect(ReasonText.words(reason) == words)
  }

  @Test func `a wait says what is waited for and until when`() throws {
    let dyno = try instance("shop/web.1")
    let busy = EffectFailure("busy", "the disk is busy", retry: .later)
    let rows: [(Wait.Cause, String, String)] = [
      (.content(name: "stack busybox"), "stack busybox is being made ready", "at most 40s more"),
      (.boot(dyno), "has to become healthy", "at most 40s more"),
      (
        .unwell(dyno, .status(500)),
        "was healthy, now fails its check: the health check answered 500", "at most 40s more"
      ),
      (.unwell(dyno, nil), "was healthy, now fails its check", "at most 40s more"),
      (.stopping(dyno), "is stopping", "at most 40s more"),
      (.backoff(exit(1), count: 3), "crashed: exit 1, 3rd time", "next start in 40s"),
      (.turn, "other dynos of its type go first", "at most 40s more"),
      (.dependency(try app("billing")), "billing has to be healthy first", "at most 40s more"),
      (.retry(busy), "failed: the disk is busy", "next try in 40s"),
      (.underWay, "a step is under way", "at most 40s more"),
      (.unproven, "nobody can tell whether something still runs here", "at most 40s more"),
    ]
    for (cause, words, due) in rows {
      let wait = Wait(app: try app("shop"), cause, until: noon + .seconds(40))
      #expect(WaitText.words(cause) == words)
      #expect(WaitText.due(wait, now: noon) == due)
    }
    #expect(Set(rows.map { WaitText.code($0.0) }).count == rows.count - 1)
  }

  @Test func `a config var's value is shown by no field, whatever from and to hold`() {
    for field in ["env.KEY", "environments.staging.env.KEY"] {
      let words = FieldChangeText.words(change(field, canary, canary + "2"))
      #expect(words == "\(field) changed")
    }
  }
}

extension String {
  fileprivate var size: CatalogName { CatalogName(rawValue: self).unsafelyUnwrapped }
}
