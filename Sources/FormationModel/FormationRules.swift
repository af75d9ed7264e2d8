// Heroku's commercial limits on a formation as a whole: what both manifests and orders are held to.

/// A formation that breaks a limit.
package struct FormationViolation: Hashable, Sendable {
  /// What is wrong, for people.
  package let message: String
  /// The field of the manifest that it is about.
  package let field: FieldPath
  /// What to do about it.
  package let fix: String
}

/// Heroku's limits on quantities and sizes.
package enum FormationRules {
  /// Every limit that the process types break; those of an unknown size are left out.
  package static func violations(
    of processes: [DesiredProcess], catalog: Catalog
  ) -> [FormationViolation] {
    let entries = processes.filter { $0.type != .release }.compactMap { process in
      catalog.dynoTypes[process.size].map { Entry(process: process, tier: $0.tier) }
    }
    return mixing(entries) + entries.compactMap(quantity) + totals(entries)
  }

  /// One process type as the rules see it.
  private struct Entry {
    let process: DesiredProcess
    let tier: DynoType.Tier
    var type: ProcessType { process.type }
  }

  private static func mixing(_ entries: [Entry]) -> [FormationViolation] {
    guard let small = entries.first(where: { [.eco, .basic].contains($0.tier) }),
      let other = entries.first(where: { $0.tier != small.tier })
    else { return [] }
    return [
      FormationViolation(
        message: "\(small.tier.rawValue) mixes with nothing else: "
          + "\(small.type) is \(small.process.size), \(other.type) is \(other.process.size)",
        field: FieldPath("formation.\(small.type).size"),
        fix: "give all process types one of both sizes")
    ]
  }

  private static func quantity(_ entry: Entry) -> FormationViolation? {
    let limit: Int? =
      switch entry.tier {
      case .eco, .basic: 1
      case .performance, .private: 10
      case .standard: nil
      }
    guard let limit, entry.process.quantity > limit else { return nil }
    return FormationViolation(
      message: "\(entry.type): \(entry.process.quantity) dynos of \(entry.process.size); "
        + "\(entry.tier.rawValue) allows \(limit) per process type",
      field: FieldPath("formation.\(entry.type).quantity"),
      fix: "lower the quantity or choose another size")
  }

  private static func totals(_ entries: [Entry]) -> [FormationViolation] {
    var violations: [FormationViolation] = []
    let eco = entries.filter { $0.tier == .eco }.reduce(0) { $0 + $1.process.quantity }
    if eco > 2 {
      violations.append(
        FormationViolation(
          message: "the app asks for \(eco) eco dynos; 2 are allowed", field: "formation",
          fix: "lower the quantities"))
    }
    let basic = entries.count { $0.tier == .basic }
    if basic > 10 {
      violations.append(
        FormationViolation(
          message: "the app has \(basic) process types of basic dynos; 10 are allowed",
          field: "formation", fix: "choose another size"))
    }
    return violations
  }
}
