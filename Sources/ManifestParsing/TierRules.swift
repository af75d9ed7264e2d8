// Heroku's commercial limits on manifests: those on quantities and sizes are FormationRules', those
// on autoscaling, preboot and sleep are here.
// `rules: {heroku_tiers: warn}` or `off` in platform.yaml loosens them; every message says so.

import FormationModel

extension AppDecoder {
  /// One process type as the rules see it.
  private struct Entry {
    let process: DesiredProcess
    let tier: DynoType.Tier
    var type: ProcessType { process.type }
  }

  mutating func checkTiers() {
    guard platform.herokuTiers != .off else { return }
    let entries = app.processes.compactMap { process in
      platform.catalog.dynoTypes[process.size].map { Entry(process: process, tier: $0.tier) }
    }
    for violation in FormationRules.violations(of: app.processes, catalog: platform.catalog) {
      violate(violation.message, field: violation.field.rawValue, fix: violation.fix)
    }
    checkFeatures(entries)
  }

  private mutating func violate(_ message: String, field: String, fix: String) {
    let mark = app.marks[FieldPath(field)] ?? app.marks[FieldPath("processes.web.command")]
    let loosening = "\(fix), or set `rules: {heroku_tiers: warn}` in platform.yaml"
    if platform.herokuTiers == .deny {
      read.error("heroku-tiers", at: mark, message, fix: loosening)
    } else {
      read.warning("heroku-tiers", at: mark, message, fix: fix)
    }
  }

  private mutating func checkFeatures(_ entries: [Entry]) {
    for entry in entries {
      if entry.tier == .private, links.space == nil {
        violate(
          "\(entry.type): \(entry.process.size) needs a space",
          field: "formation.\(entry.type).size", fix: "name one with `space`")
      }
      if autoscaled[entry.type] != nil, ![.performance, .private].contains(entry.tier) {
        violate(
          "\(entry.type): only performance and private dynos autoscale, "
            + "\(entry.process.size) does not",
          field: "formation.\(entry.type).quantity", fix: "write a fixed quantity")
      }
      if entry.type == .web, app.rollout.strategy == .preboot,
        ![.standard, .performance].contains(entry.tier)
      {
        violate(
          "preboot is for standard and performance dynos; web is \(entry.process.size)",
          field: "rollout.strategy", fix: "choose another strategy or size")
      }
      if entry.tier == .eco, entry.type == .web {
        warnOfMissing(
          "sleeping", field: "the sleep of eco dynos",
          at: app.marks[FieldPath("formation.web.size")])
      }
    }
  }
}
