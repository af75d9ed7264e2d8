// In which settings two manifests of one app differ, whether or not a dyno is touched by it.

package import FormationModel

/// A setting that differs, and where it is written now (or was, when it is gone).
package struct SettingChange: Hashable, Sendable {
  /// Field, from, to; of config vars no value.
  package let change: FieldChange
  /// The place; nil when it is a default on both sides.
  package let mark: SourceMark?
}

/// Compares manifests.
struct SettingChanges {
  private let base: DesiredApp
  private let head: DesiredApp
  private var found: [SettingChange] = []

  /// All settings that differ, in the order of the manifest's fields.
  static func between(_ base: DesiredApp, _ head: DesiredApp) -> [SettingChange] {
    var changes = SettingChanges(base: base, head: head)
    changes.compareApp()
    changes.compareConfig()
    changes.compareProcesses()
    return changes.found
  }

  private init(base: DesiredApp, head: DesiredApp) {
    self.base = base
    self.head = head
  }

  private mutating func compare(_ field: String, _ from: String, _ to: String) {
    guard from != to else { return }
    let path = FieldPath(field)
    found.append(
      SettingChange(
        change: FieldChange(path, from: from, to: to), mark: head.marks[path] ?? base.marks[path]))
  }

  private mutating func compareApp() {
    compare("folder", folder(base.folder), folder(head.folder))
    compare("source", source(base.source), source(head.source))
    compare(
      "slug.repository", base.slugSource?.description ?? "none",
      head.slugSource?.description ?? "none")
    compare("stack", base.stack.rawValue, head.stack.rawValue)
    compare("slug", folder(base.slugFolder), folder(head.slugFolder))
    compare("domains", list(base.domains), list(head.domains))
    compare("depends_on", list(base.dependsOn), list(head.dependsOn))
    compare("suspend", base.suspension.rawValue, head.suspension.rawValue)
    compare("windows", list(base.windows ?? []), list(head.windows ?? []))
    compare("maintenance", "\(base.maintenance)", "\(head.maintenance)")
    compare("deletion", base.deletion.rawValue, head.deletion.rawValue)
    let (old, new) = (base.rollout, head.rollout)
    compare(
      "rollout.strategy", old.strategy?.rawValue ?? "default", new.strategy?.rawValue ?? "default")
    compare("rollout.max_surge", "\(old.maxSurgePercent)%", "\(new.maxSurgePercent)%")
    compare(
      "rollout.max_unavailable", "\(old.maxUnavailablePercent)%", "\(new.maxUnavailablePercent)%")
  }

  private mutating func compareConfig() {
    let old = Dictionary(base.config.map { ($0.key, $0.source) }) { _, last in last }
    let new = Dictionary(head.config.map { ($0.key, $0.source) }) { _, last in last }
    for key in Set(old.keys).union(new.keys).sorted() where old[key] != new[key] {
      let from = old[key] == nil ? "unset" : "set"
      let to = new[key] == nil ? "unset" : old[key] == nil ? "set" : "changed"
      compare("env.\(key)", from, to)
    }
  }

  private mutating func compareProcesses() {
    let types = Set(base.processes.map(\.type)).union(head.processes.map(\.type))
    for type in types.sorted() { compare(type, base.process(type), head.process(type)) }
  }

  private mutating func compare(
    _ type: ProcessType, _ old: DesiredProcess?, _ new: DesiredProcess?
  ) {
    compare("processes.\(type).command", old?.command ?? "none", new?.command ?? "none")
    let field = "formation.\(type)"
    compare("\(field).quantity", "\(old?.quantity ?? 0)", "\(new?.quantity ?? 0)")
    guard let old, let new else { return }
    compare("\(field).size", old.size.rawValue, new.size.rawValue)
    let (check, newCheck) = (old.healthcheck, new.healthcheck)
    compare("\(field).healthcheck.path", check.path ?? "none", newCheck.path ?? "none")
    compare("\(field).healthcheck.interval", span(check.interval), span(newCheck.interval))
    compare("\(field).healthcheck.timeout", span(check.timeout), span(newCheck.timeout))
    compare(
      "\(field).healthcheck.boot_timeout", span(check.bootTimeout), span(newCheck.bootTimeout))
    compare("\(field).min_healthy", span(old.minHealthy), span(new.minHealthy))
    compare("\(field).stop_timeout", span(old.stopTimeout), span(new.stopTimeout))
    compare("\(field).overlap", "\(old.overlap)", "\(new.overlap)")
    compare("\(field).tcp", port(old.tcpPort), port(new.tcpPort))
  }

  private func source(_ source: AppSource?) -> String { source?.description ?? "this commit" }

  private func folder(_ path: String) -> String { path.isEmpty ? "." : path }
  private func list(_ items: [some CustomStringConvertible]) -> String {
    items.isEmpty ? "none" : items.map(\.description).joined(separator: ", ")
  }
  private func span(_ duration: Duration) -> String { DurationText.span(duration) }
  private func port(_ port: Int?) -> String { port.map(String.init) ?? "none" }
}
