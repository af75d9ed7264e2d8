// What people get to read for the most common mistakes, word for word. Every line is one
// diagnostic: file:line:column, severity, code, message, and after the bar what to do.

import FormationModel
import Testing

@Suite struct OtherMistakesTests {
  @Test(arguments: Mistake.elsewhere)
  func `mistakes in the other sections are told in full`(_ mistake: Mistake) throws {
    #expect(try MemoryTree.app(mistake.manifest).formation().mistakes == mistake.lines)
  }
}

extension Mistake {
  fileprivate static let elsewhere = [
    Mistake(
      "addons: [heroku-postgres:essential-0]",
      "app.yaml:1:10: error: [unknown-addon] there is no add-on service `heroku-postgres` | "
        + "did you mean `heroku-postgresql`?"),
    Mistake(
      "addons: [heroku-postgresql:hobby-dev]",
      "app.yaml:1:10: error: [unknown-plan] heroku-postgresql has no plan `hobby-dev` | its "
        + "plans: essential-0, standard-0"),
    Mistake(
      "addons: [heroku-postgresql, heroku-postgresql]",
      "app.yaml:1:10: warning: [not-supported-yet] addons.database: this version has no "
        + "add-ons yet, so the app is held",
      "app.yaml:1:29: error: [duplicate-name] two add-ons of the app are named `database` | "
        + "give one another name: `{plan: heroku-postgresql, name: NAME}`"),
    Mistake(
      "addons: [{attach: billing/database}]",
      "app.yaml:1:11: warning: [not-supported-yet] addons.attach: this version has no "
        + "attachments yet, so the app is held",
      "app.yaml:1:19: error: [unknown-app] there is no app `billing` | name an app of this "
        + "repository"),
    Mistake(
      "jobs: {report: {run: rake report, cron: \"30 25 * * *\"}}",
      "app.yaml:1:8: warning: [not-supported-yet] jobs.report: this version has no scheduled "
        + "jobs yet, so the app is held",
      "app.yaml:1:41: error: [invalid-cron] jobs.report.cron: the hour cannot be `25` (0 to "
        + "23)"),
    Mistake(
      "jobs: {report: {run: rake report}}",
      "app.yaml:1:8: error: [contradiction] jobs.report needs either `cron` or `every` | "
        + "write `cron: \"30 3 * * *\"` or `every: hourly`",
      "app.yaml:1:8: warning: [not-supported-yet] jobs.report: this version has no scheduled "
        + "jobs yet, so the app is held"),
    Mistake(
      "jobs: {report: {run: rake report, cron: * * * * *}}",
      "app.yaml:1:41: error: [syntax] an unquoted value cannot start with `*` | put the "
        + "value in quotes: `jobs: {report: {run: rake report, cron: \"* * * * *\"}}`"),
    Mistake(
      "domains: shop.example.com",
      "app.yaml:1:10: error: [wrong-type] domains is `shop.example.com`, but must be a list "
        + "| write it as a list: `[shop.example.com]`"),
    Mistake(
      "domains: [Shop.example.com, \"https://x.example.com\", \"a.*.example.com\"]",
      "app.yaml:1:11: error: [invalid-domain] domain `Shop.example.com` has upper-case "
        + "letters | write `shop.example.com`",
      "app.yaml:1:29: error: [invalid-domain] domain `https://x.example.com` is an address | "
        + "write the host alone: `shop.example.com`",
      "app.yaml:1:54: error: [invalid-domain] domain `a.*.example.com` has a wildcard that "
        + "is not its whole first label | write `*.example.com`"),
    Mistake(
      "depends_on: [biling]",
      "app.yaml:1:14: error: [unknown-app] there is no app `biling` | name an app of this "
        + "repository"),
    Mistake(
      "windows: [{deny: \"Friday 16:00 - Mon 07:00\", zone: Berlin}]",
      "app.yaml:1:18: error: [invalid-time] windows.deny is `Friday 16:00 - Mon 07:00`, "
        + "which is not a time of week | write `Mon-Fri 08:00-20:00`, `Sat 10:00-12:00` or `Fri "
        + "16:00 - Mon 07:00`",
      "app.yaml:1:52: error: [invalid-zone] windows.zone is `Berlin`, which is not a time "
        + "zone | write `Europe/Berlin`"),
    Mistake(
      "windows: [{allow: \"08:00-16:00\", zone: Europe/Berln}, {deny: \"00:00-24:00\", zone: X/Y}]",
      "app.yaml:1:40: error: [invalid-zone] windows.zone is `Europe/Berln`, which is not a "
        + "time zone | write `Europe/Berlin`",
      "app.yaml:1:83: error: [invalid-zone] windows.zone is `X/Y`, which is not a time zone | "
        + "write `Europe/Berlin` or `UTC`"),
    Mistake(
      "windows: [{deny: \"08:00-16:00\", allow: \"24:00-00:00\"}, {zone: UTC}]",
      "app.yaml:1:11: error: [contradiction] a window needs either `deny` or `allow` | write "
        + "`{deny: \"Fri 16:00 - Mon 07:00\", zone: Europe/Berlin}`",
      "app.yaml:1:40: error: [invalid-time] windows.allow is `24:00-00:00`, which is not a "
        + "time of week | write `Mon-Fri 08:00-20:00`, `Sat 10:00-12:00` or `Fri 16:00 - Mon "
        + "07:00`",
      "app.yaml:1:56: error: [contradiction] a window needs either `deny` or `allow` | write "
        + "`{deny: \"Fri 16:00 - Mon 07:00\", zone: Europe/Berlin}`"),
    Mistake(
      "deletion: purge",
      "app.yaml:1:11: error: [unknown-value] deletion is `purge`, but must be one of retain, "
        + "snapshot, delete"),
    Mistake(
      "slug: ../../../etc",
      "app.yaml:1:7: error: [path-outside] slug `../../../etc` leaves the repository | name "
        + "a folder of this repository; `.` is the app's own"),
    Mistake(
      "slug: src",
      "app.yaml:1:7: error: [unknown-folder] the repository has no folder `src` | paths that "
        + "start with `./` or `../` are seen from the app's folder, others from the repository's "
        + "root"),
    Mistake(
      "image: ghcr.io/acme/shop:1\nstack: busybox",
      "app.yaml:1:1: error: [contradiction] image and stack exclude each other | keep one of "
        + "them",
      "app.yaml:1:1: warning: [not-supported-yet] image: this version has no images yet, so "
        + "the app is held"),
    Mistake(
      "was: [shop-old, Old]",
      "app.yaml:1:17: error: [invalid-name] was names `Old`, which cannot be an app's name"),
    Mistake(
      "space: acme",
      "app.yaml:1:1: warning: [not-supported-yet] space: this version has no spaces yet, so "
        + "the app is held",
      "app.yaml:1:8: error: [unknown-space] there is no space `acme` | add it below `spaces` "
        + "in platform.yaml"),
    Mistake(
      "- a\n- b",
      "app.yaml:1:1: error: [wrong-type] app.yaml is a list, but must be a mapping of keys "
        + "to values"),
    Mistake(
      "config: {A: b}",
      "app.yaml:1:1: error: [unknown-key] unknown key `config` | did you mean `env`?"),
    Mistake(
      "release: {command: x}",
      "app.yaml:1:11: error: [unknown-key] unknown key `command` in release | known keys: "
        + "timeout"),
    Mistake(
      "build: {run: make}",
      "app.yaml:1:1: warning: [not-supported-yet] build: this version has no builds yet, so "
        + "the app is held"),
    Mistake(
      "sleep: {after: 30m}",
      "app.yaml:1:1: warning: [not-in-force-yet] sleep has no effect: this version has no "
        + "sleeping yet"),
  ]
}
