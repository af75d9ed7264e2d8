// The keys of app.yaml.

/// Where which keys of app.yaml are known.
package enum AppKeys {
  /// Keys that Heroku shows on its pages; nothing acts on them.
  package static let display = [
    "description", "website", "repository", "logo", "keywords", "success_url",
  ]

  static let top = KeyTable(
    "",
    [
      "name", "was", "stack", "slug", "build", "image", "env", "formation", "addons", "jobs",
      "domains", "router", "release", "rollout", "sleep", "space", "depends_on", "maintenance",
      "suspend", "windows", "deletion", "environments", "buildpacks", "scripts",
    ],
    otherWords: [
      "config": "env", "config_vars": "env", "environment": "env", "vars": "env",
      "variables": "env", "processes": "formation", "process_types": "formation",
      "scale": "formation", "services": "formation", "dynos": "formation",
      "add-ons": "addons", "add_ons": "addons", "cron": "jobs", "schedule": "jobs",
      "scheduler": "jobs", "hosts": "domains", "dependson": "depends_on", "suspended": "suspend",
    ])

  static let slug = KeyTable("slug", ["repository", "ref", "path", "archive", "sha256"])
  static let build = KeyTable("build", ["run", "cache", "buildpacks", "dockerfile", "args"])
  static let config = KeyTable(
    "env.KEY", ["value", "generator", "secret", "description", "required"],
    otherWords: ["default": "value"])
  static let process = KeyTable(
    "formation.TYPE",
    [
      "quantity", "size", "healthcheck", "min_healthy", "stop_timeout", "overlap", "schedule",
      "tcp",
    ],
    otherWords: [
      "count": "quantity", "replicas": "quantity", "instances": "quantity", "dynos": "quantity",
      "scale": "quantity", "type": "size", "dyno_type": "size", "plan": "size",
      "health": "healthcheck",
      "healthchecks": "healthcheck",
      "grace_period": "stop_timeout",
    ])
  static let autoscaling = KeyTable("formation.TYPE.quantity", ["min", "max", "p95"])
  static let healthcheck = KeyTable(
    "formation.TYPE.healthcheck",
    ["path", "interval", "timeout", "boot_timeout", "restart_after", "run"],
    otherWords: ["command": "run", "url": "path", "period": "interval"])
  static let schedule = KeyTable("formation.TYPE.schedule[]", ["when", "quantity", "zone"])
  static let addOn = KeyTable(
    "addons[]", ["plan", "name", "as", "deletion", "attach", "options"],
    otherWords: ["service": "plan"])
  static let job = KeyTable(
    "jobs.NAME", ["run", "cron", "every", "at", "zone", "size", "timeout", "overlap"],
    otherWords: ["command": "run", "schedule": "cron", "timezone": "zone"])
  static let router = KeyTable("router", ["timeout", "idle", "affinity"])
  static let release = KeyTable("release", ["timeout"])
  static let rollout = KeyTable(
    "rollout", ["strategy", "max_surge", "max_unavailable", "auto_revert"])
  static let sleep = KeyTable("sleep", ["after"])
  static let window = KeyTable("windows[]", ["deny", "allow", "zone"])
  static let scripts = KeyTable(
    "scripts", ["postdeploy", "pr-predestroy", "test", "test-setup"])
  /// Keys of the top that an environment may not override: they are the app's identity.
  package static let notInEnvironments = ["name", "was", "environments"]

  /// Every table that the reference page has to cover.
  package static let all = [
    top, slug, build, config, process, autoscaling, healthcheck, schedule, addOn, job, router,
    release, rollout, sleep, window, scripts,
  ]
}
