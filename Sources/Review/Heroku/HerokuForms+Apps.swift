// Heroku's forms for apps, their settings, releases and code.

extension HerokuForms {
  static let apps: [String: Row] = [
    "apps": { run("status", $1.withAppLast) },
    "apps:list": { run("status", $1.withAppLast) },
    "list": { run("status", $1.withAppLast) },
    "apps:info": { run("status", $1.withAppLast) },
    "info": { run("status", $1.withAppLast) },
    "apps:errors": { run("logs", $1.withAppLast) },
    "dashboard": { run("status", $1.withAppLast) },
    "apps:create": { _, _ in say("muster init") },
    "create": { _, _ in say("muster init") },
    "apps:destroy": destroy, "destroy": destroy,
    "apps:rename": rename, "rename": rename,
    "apps:open": { _, _ in [.nothing] }, "open": { _, _ in [.nothing] },
    "apps:stacks": { _, _ in run("catalog") },
    "stack": { _, _ in run("catalog") },
    "stack:list": { _, _ in run("catalog") },
    "apps:stacks:set": setStack,
    "stack:set": setStack,
    "maintenance:on": { maintenance($1, "on") },
    "maintenance:off": { maintenance($1, "off") },
    "maintenance": { say("muster validate --show \($1.appName)") },
    "domains": { say("muster validate --show \($1.appName) names them") },
    "domains:add": { list($1, "add", "to", "domains") },
    "domains:remove": { list($1, "remove", "from", "domains") },
    "domains:clear": { [set($1, "'domains=[]'")] },
    "domains:wait": { run("wait", $1.withAppFirst, ["--for", "converged"]) },
    "features:enable": { feature($1, isOn: true) },
    "features:disable": { feature($1, isOn: false) },
    "autocomplete": { _, _ in say("muster completion bash, or zsh, or fish") },
    "autocomplete:create": { _, _ in say("muster completion bash, or zsh, or fish") },
    "version": { _, _ in say("muster --version") },
    "login": { _, _ in say("nothing: Muster has no accounts") },
    "logout": { _, _ in say("nothing: Muster has no accounts") },
    "local": { _, _ in say("muster plan --runtime simulated tries manifests without a machine") },
  ]

  private static let setStack: Row = { _, words in
    let name = words.operands.first ?? "NAME"
    return [set(words, "stack=\(name)")]
  }

  private static let destroy: Row = {
    say("remove the folder of \($1.appName), then commit; `muster holds` asks for consent")
  }

  private static let rename: Row = { _, words in
    let name = words.operands.first ?? "NAME"
    return [
      .type("muster set \(words.appName) name=\(name) 'was=[\(words.appName)]', then commit")
    ]
  }

  private static func maintenance(_ words: HerokuWords, _ state: String) -> [Answer] {
    [
      .run(["maintenance"] + words.withAppFirst + [state]),
      set(words, "maintenance=\(state == "on")"),
    ]
  }

  static func list(
    _ words: HerokuWords, _ verb: String, _ preposition: String, _ field: String
  ) -> [Answer] {
    let name = words.operands.first ?? "it"
    return [
      .type("\(verb) \(name) \(preposition) `\(field)` in \(words.appName)'s app.yaml, then commit")
    ]
  }

  private static func feature(_ words: HerokuWords, isOn: Bool) -> [Answer] {
    switch words.operands.first {
    case "preboot": [set(words, "rollout.strategy=\(isOn ? "preboot" : "recreate")")]
    case "http-session-affinity": [set(words, "router.affinity=\(isOn)")]
    default: [.nothing]
    }
  }

  // MARK: - Code, releases, config vars

  static let code: [String: Row] = [
    "releases:list": { run("releases", $1.withAppFirst) },
    "releases:info": { run("releases", $1.withAppFirst) },
    "releases:output": { run("releases", $1.withAppFirst, ["--output"]) },
    "releases:rollback": { rollback($1) }, "rollback": { rollback($1) },
    "releases:retry": { run("retry", $1.withAppFirst) },
    "config": { say("muster validate --show \($1.appName) names them, without values") },
    // Muster answers with the line that shows the value: nothing is shown unasked.
    "config:get": { run("config", ["get"], $1.withAppLast) + say("read `env` in app.yaml") },
    "secrets:list": { run("secrets", $1.withAppLast) },
    "secrets:set": { run("secrets", ["set"], $1.withAppLast) },
    "secrets:import": { run("secrets", ["import"], $1.withAppLast) },
    "secrets:rotate": { run("secrets", ["rotate"], $1.withAppLast) },
    "secrets:unset": { run("secrets", ["unset"], $1.withAppLast) },
    "config:set": setConfig, "config:add": setConfig,
    "config:unset": { list($1, "remove", "from", "env") },
    "config:remove": { list($1, "remove", "from", "env") },
    "config:edit": { say("edit `env` in \($1.appName)'s app.yaml, then commit") },
    "container:push": { [set($1, "image=REGISTRY/NAME@sha256:DIGEST")] },
    "container:release": { [set($1, "image=REGISTRY/NAME@sha256:DIGEST")] },
    "git:remote": { _, _ in say("git remote add NAME URL: the repository of manifests is any") },
    "git:clone": { _, _ in say("git clone URL: the repository of manifests is any") },
    "pipelines:diff": { _, _ in say("muster diff BASE HEAD") },
    "pipelines:promote": { _, _ in
      say("merge what staging runs into the branch that production takes, then push")
    },
    "reviewapps:enable": { _, _ in
      say("set `review_apps: {enabled: true}` in platform.yaml, then commit")
    },
    "reviewapps:disable": { _, _ in
      say("set `review_apps: {enabled: false}` in platform.yaml, then commit")
    },
  ]

  private static func rollback(_ words: HerokuWords) -> [Answer] {
    [
      .run(["rollback"] + words.withAppFirst),
      .type("git revert COMMIT, then muster reconcile"),
    ]
  }

  /// The values stay out of the answer: they may be secrets.
  private static let setConfig: Row = { _, words in
    let keys = words.operands.map { "env.\($0.prefix { $0 != "=" })=…" }
    return [set(words, keys.isEmpty ? "env.KEY=…" : keys.joined(separator: " "))]
  }
}
