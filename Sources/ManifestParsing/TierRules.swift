// Heroku's commercial limits: dynos per type, mixing of tiers, who may autoscale and preboot.
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
    checkMixing(entries)
    for entry in entries { checkQuantity(entry) }
    checkAppTotals(entries)
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

  private mutating func checkMixing(_ entries: [Entry]) {
    let exclusive: [DynoType.Tier] = [.eco, .basic]
    guard let small = entries.first(where: { exclusive.contains($0.tier) }),
      let other = entries.first(where: { $0.tier != small.tier })
    else { return }
    violate(
      "\(small.tier.rawValue) mixes with nothing else: \(small.type) is \(small.process.size), "
        + "\(other.type) is \(other.process.size)",
      field: "formation.\(small.type).size", fix: "give all process types one of both sizes")
  }

  private mutating func checkQuantity(_ entry: Entry) {
    let limit: Int? =
      switch entry.tier {
      case .eco, .basic: 1
      case .performance, .private: 10
      case .standard: nil
      }
    guard let limit, entry.process.quantity > limit else { return }
    violate(
      "\(entry.type): \(entry.process.quantity) dynos of \(entry.process.size); "
        + "\(entry.tier.rawValue) allows \(limit) per process type",
      field: "formation.\(entry.type).quantity", fix: "lower the quantity or choose another size")
  }

  private mutating func checkAppTotals(_ entries: [Entry]) {
    let eco = entries.filter { $0.tier == .eco }.reduce(0) { $0 + $1.process.quantity }
    if eco > 2 {
      violate(
        "the app asks for \(eco) eco dynos; 2 are allowed", field: "formation",
        fix: "lower the quantities")
    }
    let basic = entries.filter { $0.tier == .basic }.count
    if basic > 10 {
      violate(
        "the app has \(basic) process types of basic dynos; 10 are allowed", field: "formation",
        fix: "choose another size")
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
