// Heroku's forms for add-ons and data, and the families of forms that have one answer.

extension HerokuForms {
  static let services: [String: Row] = [
    "addons:create": { list($1, "add", "to", "addons") },
    "addons:attach": { _, words in
      let name = words.operands.first?.replacing("::", with: "/") ?? "APP/NAME"
      return [
        .type(
          "add `{attach: \(name)}` to `addons` in \(words.appName)'s app.yaml, then commit")
      ]
    },
    "addons:detach": { list($1, "remove", "from", "addons") },
    "addons:destroy": { list($1, "remove", "from", "addons") },
    "addons:upgrade": changePlan, "addons:downgrade": changePlan,
    "addons:rename": {
      say("set the add-on's `name` in \($1.appName)'s app.yaml, then commit")
    },
    "addons:plans": { _, _ in run("catalog") },
    "addons:services": { _, _ in run("catalog") },
    "addons:info": { addOn("info", $1) }, "addons:wait": { addOn("wait", $1) },
    "addons": { say("muster validate --show \($1.appName) names them") },
    "pg": { addOn("info", $1) }, "pg:info": { addOn("info", $1) },
    "pg:wait": { addOn("wait", $1) }, "pg:psql": { addOn("console", $1) },
    "psql": { addOn("console", $1) },
    "pg:backups:capture": { addOn("backup", $1) },
    "pg:backups:restore": { addOn("restore", $1) },
    "pg:credentials:rotate": { addOn("rotate", $1) },
    "pg:promote": {
      say("set `as: DATABASE` at that add-on in \($1.appName)'s app.yaml, then commit")
    },
    "redis": { addOn("info", $1) }, "redis:info": { addOn("info", $1) },
    "redis:wait": { addOn("wait", $1) }, "redis:cli": { addOn("console", $1) },
    "redis:credentials": { addOn("rotate", $1) },
    "kafka:info": { addOn("info", $1) }, "kafka:wait": { addOn("wait", $1) },
    "usage:addons": { run("usage", $1.withAppLast) },
  ]

  private static let changePlan: Row = {
    say("change the add-on's plan in `addons` of \($1.appName)'s app.yaml, then commit")
  }

  private static func addOn(_ verb: String, _ words: HerokuWords) -> [Answer] {
    run("addons", [verb], words.withAppLast)
  }

  /// Families of forms, `certs:…`, that have one answer.
  static let families: [String: Row] = [
    "certs": { _, _ in
      say("put certificates into the folder of `router.certificates` in platform.yaml")
    },
    "drains": { _, _ in say("edit `logs.drains` in platform.yaml, then commit") },
    "buildpacks": {
      say("edit `build.buildpacks` in \($1.appName)'s app.yaml, then commit")
    },
    "spaces": { _, _ in say("edit `spaces` in platform.yaml, then commit") },
    "pipelines": { _, _ in
      say("edit `environments` in app.yaml: one repository holds every stage, then commit")
    },
    "reviewapps": { _, _ in say("edit `review_apps` in platform.yaml, then commit") },
    "ci": { _, _ in say("muster validate and `muster diff BASE HEAD`, in your CI") },
    "access": { _, _ in say("nothing: who may push to the repository may deploy") },
    "members": { _, _ in say("nothing: who may push to the repository may deploy") },
    "auth": { _, _ in say("nothing: Muster has no accounts") },
    "container": { [set($1, "image=REGISTRY/NAME@sha256:DIGEST")] },
    "git": { _, _ in say("git itself: the repository of manifests is any") },
  ]
}
