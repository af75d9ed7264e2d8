// What people get to read for the most common mistakes, word for word. Every line is one
// diagnostic: file:line:column, severity, code, message, and after the bar what to do.

import FormationModel
import Testing

@Suite struct FormationMistakesTests {
  @Test(arguments: Mistake.inFormation)
  func `mistakes in names, config and formation are told in full`(_ mistake: Mistake) throws {
    #expect(try MemoryTree.app(mistake.manifest).formation().mistakes == mistake.lines)
  }
}

extension Mistake {
  fileprivate static let inFormation = [
    Mistake(
      "formaton: {web: {quantity: 1}}",
      "app.yaml:1:1: error: [unknown-key] unknown key `formaton` | did you mean `formation`?"),
    Mistake(
      "formation: {web: {replicas: 2}}",
      "app.yaml:1:19: error: [unknown-key] unknown key `replicas` in formation.web | did you "
        + "mean `quantity`?"),
    Mistake(
      "formation: {web: 2}",
      "app.yaml:1:18: error: [wrong-type] formation.web is `2`, but must be a mapping of "
        + "keys to values | write `web: {quantity: 2}`"),
    Mistake(
      "formation: {web: {quantity: two}}",
      "app.yaml:1:29: error: [wrong-type] formation.web.quantity is `two`, but must be a "
        + "whole number | write a number from 0 to 100"),
    Mistake(
      "formation: {web: {quantity: \"2\"}}",
      "app.yaml:1:29: error: [wrong-type] formation.web.quantity is `2`, but must be a "
        + "number, not text | write `quantity: 2` without quotes"),
    Mistake(
      "formation: {web: {quantity: 101}}",
      "app.yaml:1:29: error: [out-of-range] formation.web.quantity is 101, but must be from "
        + "0 to 100"),
    Mistake(
      "formation: {web: {quantity: 60}, worker: {quantity: 60}}",
      "app.yaml:1:1: error: [too-many-dynos] the app asks for 120 dynos; 100 are allowed | "
        + "lower the quantities, or split the app"),
    Mistake(
      "formation: {web: {size: standrad-1x}}",
      "app.yaml:1:25: error: [unknown-size] there is no size `standrad-1x` | did you mean "
        + "`standard-1x`?"),
    Mistake(
      "formation: {web: {size: hobby}}",
      "app.yaml:1:25: note: [old-size] formation.web.size: `hobby` is taken as basic"),
    Mistake(
      "formation: {wroker: {quantity: 1}}",
      "app.yaml:1:13: error: [unknown-process-type] nothing says what `wroker` runs: the "
        + "Procfile has web, worker | did you mean `worker`?"),
    Mistake(
      "formation: {release: {quantity: 1}}",
      "app.yaml:1:13: error: [reserved-name] release is the release command and is not "
        + "scaled | take it out of `formation`"),
    Mistake(
      "formation: {web: {size: eco, quantity: 2}}",
      "app.yaml:1:19: warning: [not-in-force-yet] the sleep of eco dynos has no effect: this "
        + "version has no sleeping yet",
      "app.yaml:1:30: error: [heroku-tiers] web: 2 dynos of eco; eco allows 1 per process "
        + "type | lower the quantity or choose another size, or set `rules: {heroku_tiers: "
        + "warn}` in platform.yaml"),
    Mistake(
      "formation: {web: {size: basic}, worker: {size: standard-1x, quantity: 1}}",
      "app.yaml:1:19: error: [heroku-tiers] basic mixes with nothing else: web is basic, "
        + "worker is standard-1x | give all process types one of both sizes, or set `rules: "
        + "{heroku_tiers: warn}` in platform.yaml"),
    Mistake(
      "formation: {web: {healthcheck: {path: healthz}}}",
      "app.yaml:1:39: error: [wrong-type] formation.web.healthcheck.path is `healthz`, but "
        + "must be a path that starts with `/`"),
    Mistake(
      "formation: {web: {healthcheck: {interval: 2}}}",
      "app.yaml:1:43: error: [wrong-type] formation.web.healthcheck.interval is `2`, but "
        + "must be a duration | write the unit: `interval: 2s`"),
    Mistake(
      "formation: {worker: {quantity: 1, healthcheck: {path: /}}}",
      "app.yaml:1:49: error: [only-for-web] formation.worker.healthcheck.path is for web: "
        + "`worker` answers no HTTP | use `run: COMMAND` or take it out"),
    Mistake(
      "formation: {web: {overlap: true}}",
      "app.yaml:1:19: error: [not-for-web] formation.web.overlap is for types other than web "
        + "| write `rollout: {strategy: preboot}` (or `recreate`) instead"),
    Mistake(
      "formation: {worker: {quantity: 1, overlap: yes}}",
      "app.yaml:1:44: error: [wrong-type] formation.worker.overlap is `yes`, but must be "
        + "true or false | write `overlap: true` without quotes"),
    Mistake(
      "formation: {worker: {quantity: {min: 1, max: 5}}}",
      "app.yaml:1:22: error: [heroku-tiers] worker: only performance and private dynos "
        + "autoscale, standard-1x does not | write a fixed quantity, or set `rules: "
        + "{heroku_tiers: warn}` in platform.yaml",
      "app.yaml:1:22: warning: [not-supported-yet] formation.worker.quantity: this version "
        + "has no autoscaling yet, so the app is held"),
    Mistake(
      "maintenance: on",
      "app.yaml:1:14: error: [wrong-type] maintenance is `on`, but must be true or false | "
        + "write `maintenance: true` without quotes"),
    Mistake(
      "stack: debian-11",
      "app.yaml:1:8: error: [unknown-stack] there is no stack `debian-11` | did you mean "
        + "`debian-12`?"),
    Mistake(
      "stack: heroku-24",
      "app.yaml:1:8: note: [heroku-stack] stack `heroku-24` is Heroku's; the app gets "
        + "debian-12"),
    Mistake(
      "stack: container",
      "app.yaml:1:8: warning: [not-supported-yet] stack: this version has no Dockerfile "
        + "builds yet, so the app is held | if its files run as they are, write `stack: "
        + "debian-12` in app.yaml"),
    Mistake(
      "name: My Shop",
      "app.yaml:1:7: error: [invalid-name] `My Shop` cannot be an app's name | write `name: "
        + "my-shop` in app.yaml: 3 to 30 lower-case letters, digits and `-`, a letter first"),
    Mistake(
      "env: [A=1]",
      "app.yaml:1:6: error: [wrong-type] env must be a mapping of names to values | write "
        + "one `NAME: value` a line below `env:`"),
    Mistake(
      "env:\n  A:\n  B: ~\n  C: [x]\n  1D: x",
      "app.yaml:2:3: error: [empty-config-value] env.A has no value | write `A: \"\"` for an "
        + "empty value",
      "app.yaml:3:3: error: [empty-config-value] env.B has no value | write `B: \"\"` for an "
        + "empty value",
      "app.yaml:4:6: error: [wrong-type] env.C is a list, but must be text | quote it: `C: "
        + "\"…\"`",
      "app.yaml:5:3: error: [invalid-config-key] `1D` cannot name a config var | use "
        + "letters, digits and `_`, not a digit first and not `__`"),
    Mistake(
      "env: {A: {value: x, generator: secret}}",
      "app.yaml:1:7: error: [contradiction] env.A has value and generator; they exclude each "
        + "other | keep one of them"),
    Mistake(
      "env: {A: {description: needed}}",
      "app.yaml:1:7: warning: [config-missing] env.A is required and has no value: the app "
        + "is held | set it in app.yaml: `env: {A: …}`"),
    Mistake(
      "env: {KEY: {secret: two words}}",
      "app.yaml:1:21: error: [invalid-name] env.KEY.secret is not a secret's name | use "
        + "letters, digits, `_`, `-` and `.`; the secret itself never stands here"),
    Mistake(
      "env: {DATABASE_URL: x}\naddons: [heroku-postgresql]",
      "app.yaml:1:7: error: [config-claimed-twice] DATABASE_URL is set by hand and by add-on "
        + "database | take it out of `env`, or give the add-on another prefix with `as`",
      "app.yaml:2:10: warning: [not-supported-yet] addons.database: this version has no "
        + "add-ons yet, so the app is held"),
    Mistake(
      "rollout: {strategy: blue-green, max_surge: 25}",
      "app.yaml:1:21: error: [unknown-value] rollout.strategy is `blue-green`, but must be "
        + "one of preboot, rolling, recreate",
      "app.yaml:1:44: error: [wrong-type] rollout.max_surge is `25`, but must be a "
        + "percentage | write `25%`"),
    Mistake(
      "suspend: true",
      "app.yaml:1:10: error: [wrong-type] suspend is `true`, but must be false, deploys or "
        + "everything | write `suspend: deploys` or `suspend: everything`"),
    Mistake(
      "environments: {staging: {formation: {web: {quantty: 1}}, name: x}}",
      "app.yaml:1:44: error: [unknown-key] unknown key `quantty` in formation.web "
        + "(environment staging) | did you mean `quantity`?",
      "app.yaml:1:58: error: [unknown-key] `name` cannot differ by environment | write it at "
        + "the top of app.yaml"),
    Mistake(
      "name: shop\nname: shop2",
      "app.yaml:2:1: error: [duplicate-key] the key `name` is here twice | keep one of the "
        + "two"),
  ]
}
