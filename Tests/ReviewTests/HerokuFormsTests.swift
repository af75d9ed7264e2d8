// Heroku's command line, form by form, against a program that has every command and one that has
// few.

import Review
import Testing

@Suite struct `Heroku's forms` {
  private static let all = HerokuForms(commands: [
    "init", "validate", "set", "diff", "plan", "reconcile", "status", "ps", "logs", "holds",
    "confirm", "doctor", "catalog", "schema", "adopt", "simulate", "completion", "restart", "stop",
    "start", "scale", "suspend", "resume", "maintenance", "retry", "why", "events", "wait",
    "secrets", "config", "metrics", "usage", "gc", "serve", "run", "exec", "releases", "rollback",
    "addons",
  ])
  private static let few = HerokuForms(commands: [
    "init", "validate", "set", "diff", "plan", "reconcile", "status", "ps", "logs", "holds",
    "catalog", "completion",
  ])

  private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

  @Test(arguments: [
    ("ps:scale web=2 worker=1 -a shop", "scale shop web=2 worker=1"),
    ("ps:scale web+1", "scale web+1"), ("ps:scale", "scale"),
    ("ps:restart -a shop", "restart -a shop"),
    ("ps:restart web.1 -a shop", "restart web.1 -a shop"),
    ("ps:restart --dyno-name web.1 --app shop", "restart web.1 -a shop"),
    ("ps:restart --process-type=web --app=shop", "restart web -a shop"),
    ("ps:stop web.1 -a shop", "stop web.1 -a shop"), ("ps:kill web.1", "stop web.1"),
    ("kill web.1", "stop web.1"), ("ps:list -a shop", "ps -a shop"),
    ("ps:wait -a shop", "wait shop --for converged"),
    ("ps:exec -a shop", "exec shop/web.1 -- sh"),
    ("ps:exec --dyno worker.2 -a shop", "exec shop/worker.2 -- sh"),
    ("run:inside web.1 bash -l -a shop", "exec shop/web.1 -- bash -l"),
    ("run:detached rake db:migrate -a shop", "run shop --detached -- rake db:migrate"),
    (
      "run:detached -s standard-2x -- bin/x -a b", "run --detached --size standard-2x -- bin/x -a b"
    ),
    ("logs:tail -a shop", "logs -t -a shop"), ("maintenance:on -a shop", "maintenance shop on"),
    ("maintenance:off", "maintenance off"), ("apps", "status"),
    ("apps:info -a shop", "status -a shop"),
    ("apps:info --json -a shop", "status --format json -a shop"),
    ("info -a shop", "status -a shop"),
    ("apps:stacks", "catalog"), ("stack", "catalog"), ("addons:plans heroku-redis", "catalog"),
    ("releases:list -a shop", "releases shop"), ("releases:info v7 -a shop", "releases shop v7"),
    ("releases:output v7 -a shop", "releases shop v7 --output"),
    ("releases:rollback v7 -a shop", "rollback shop v7"), ("releases:retry -a shop", "retry shop"),
    ("config:get KEY -a shop --reveal", "config get KEY --reveal -a shop"),
    ("secrets:set KEY -a shop", "secrets set KEY -a shop"),
    ("secrets:import shop -", "secrets import shop -"),
    ("ps:start web.1 -a shop", "start web.1 -a shop"),
    ("config:get KEY -a shop", "config get KEY -a shop"), ("config:get KEY", "config get KEY"),
    ("addons:info database -a shop", "addons info database -a shop"),
    ("addons:wait", "addons wait"), ("pg:psql -a shop", "addons console -a shop"),
    ("pg:info", "addons info"), ("pg:backups:capture", "addons backup"),
    ("redis:cli", "addons console"), ("usage:addons", "usage"),
    ("domains:wait -a shop", "wait shop --for converged"),
  ]) func `are done by the command that does the same`(form: String, wanted: String) {
    #expect(Self.all.answer(words(form)) == .run(words(wanted)))
  }

  @Test(arguments: [
    (
      "ps:scale web=2:standard-2x -a shop",
      "muster set shop formation.web.quantity=2 formation.web.size=standard-2x, then commit"
    ),
    (
      "ps:type web=standard-2x -a shop",
      "muster set shop formation.web.size=standard-2x, then commit"
    ),
    ("ps:resize performance-m", "muster set APP formation.TYPE.size=performance-m, then commit"),
    (
      "ps:autoscale:enable --min 2 --max 8 --p95 500 -a shop",
      "muster set shop 'formation.web.quantity={min: 2, max: 8, p95: 500ms}', then commit"
    ),
    ("maintenance:on -a shop", "muster set shop maintenance=true, then commit"),
    ("config:set A=canary B=canary -a shop", "muster set shop env.A=… env.B=…, then commit"),
    ("config:add A=canary", "muster set APP env.A=…, then commit"),
    ("config:remove A", "remove A from `env` in APP's app.yaml, then commit"),
    ("config:edit -a shop", "edit `env` in shop's app.yaml, then commit"),
    ("config:get KEY -a shop", "read `env` in app.yaml"),
    ("config:unset A -a shop", "remove A from `env` in shop's app.yaml, then commit"),
    ("config -a shop", "muster validate --show shop names them, without values"),
    ("stack:set debian-12 -a shop", "muster set shop stack=debian-12, then commit"),
    (
      "domains:add shop.example.com -a shop",
      "add shop.example.com to `domains` in shop's app.yaml, then commit"
    ),
    (
      "addons:create heroku-redis:mini -a shop",
      "add heroku-redis:mini to `addons` in shop's app.yaml, then commit"
    ),
    (
      "addons:attach billing::DATABASE -a shop",
      "add `{attach: billing/DATABASE}` to `addons` in shop's app.yaml, then commit"
    ),
    ("apps:rename store -a shop", "muster set shop name=store 'was=[shop]', then commit"),
    (
      "apps:destroy -a shop",
      "remove the folder of shop, then commit; `muster holds` asks for consent"
    ),
    ("apps:create", "muster init"), ("pipelines:diff", "muster diff BASE HEAD"),
    (
      "pipelines:promote",
      "merge what staging runs into the branch that production takes, then push"
    ),
    ("releases:rollback", "git revert COMMIT, then muster reconcile"),
    ("features:enable preboot -a shop", "muster set shop rollout.strategy=preboot, then commit"),
    (
      "container:push web -a shop", "muster set shop image=REGISTRY/NAME@sha256:DIGEST, then commit"
    ),
    ("drains:add syslog://x", "edit `logs.drains` in platform.yaml, then commit"),
    ("certs:add", "put certificates into the folder of `router.certificates` in platform.yaml"),
    (
      "buildpacks:set heroku/ruby -a shop",
      "edit `build.buildpacks` in shop's app.yaml, then commit"
    ),
    ("reviewapps:enable", "set `review_apps: {enabled: true}` in platform.yaml, then commit"),
    ("ci:run", "muster validate and `muster diff BASE HEAD`, in your CI"),
    ("git:remote", "git remote add NAME URL: the repository of manifests is any"),
  ]) func `without that command are answered with the line to type`(form: String, line: String) {
    #expect(Self.few.answer(words(form)) == .type(line))
  }

  @Test(arguments: ["ps:copy", "apps:open", "webhooks:add", "telemetry:add", "labs:enable", "x:y"])
  func `that nothing here is like say so`(form: String) {
    #expect(Self.all.answer([form]) == .nothing)
  }

  @Test(arguments: ["ps", "logs", "releases", "scale", "addons", "--help", "statsu", "pss"])
  func `that are commands, options or slips are left alone`(word: String) {
    #expect(Self.all.answer([word, "web=2"]) == nil)
  }

  @Test func `are never answered with a command that does not exist`() {
    for commands in [["status"], ["set", "validate"], []] {
      let forms = HerokuForms(commands: commands)
      for form in HerokuForms.forms where !commands.contains(form) {
        switch forms.answer([form, "x", "-a", "shop"]) {
        case .run(let words): #expect(commands.contains(words[0]), "\(form)")
        case .type(let line):
          let named = line.matches(of: #/muster ([a-z]+)/#).map { String($0.output.1) }
          #expect(Set(named).isSubset(of: commands), "\(form): \(line)")
        case .nothing: continue
        case nil: Issue.record("\(form) has no answer")
        }
      }
    }
  }

  /// What Heroku's own command line has, and this program answers in one way or another.
  @Test func `are known, all that people use`() {
    let forms = """
      apps apps:create apps:info info apps:destroy apps:rename apps:open apps:stacks \
      apps:stacks:set maintenance:on maintenance:off domains domains:add domains:remove certs:add \
      features:enable features:disable ps:list ps:scale ps:type ps:resize ps:restart ps:stop \
      ps:kill ps:wait ps:exec ps:copy ps:forward ps:autoscale:enable ps:autoscale:disable \
      run:detached run:inside releases:info releases:output releases:rollback rollback \
      releases:retry config:get config:set config:unset config:edit buildpacks:add \
      container:push container:release git:remote local addons:create addons:attach \
      addons:detach addons:destroy addons:upgrade addons:info addons:open addons:plans \
      addons:services addons:wait addons:rename pg:info pg:psql redis:info data:maintenances \
      pipelines:create pipelines:add pipelines:promote pipelines:diff reviewapps:enable \
      reviewapps:disable ci:run logs:tail drains:add webhooks:add telemetry:add
      """
    for form in words(forms) { #expect(Self.few.answer([form]) != nil, "\(form)") }
  }
}
