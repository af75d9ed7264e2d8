// The catalog as programs read it.

package import FormationModel

/// Renders the catalog as JSON.
package enum CatalogJSON {
  /// `{"format":1,"dyno_types":[…],"stacks":[…],"addons":[…]}`; prices are Heroku list prices.
  package static func document(_ catalog: Catalog) -> JSONValue {
    let stacks = catalog.stacks.values.sorted { $0.name < $1.name }
    let addOns = catalog.addOns.values.sorted { $0.name < $1.name }
    return [
      "format": .number(1),
      "dyno_types": .array(CatalogText.sorted(catalog.dynoTypes.values).map(dynoType)),
      "stacks": .array(stacks.map(stack)),
      "addons": .array(addOns.map(addOn)),
    ]
  }

  private static func dynoType(_ type: DynoType) -> JSONValue {
    [
      "name": .string(type.name.rawValue),
      "tier": .string(type.tier.rawValue),
      "memory_bytes": .integer(Int(type.memoryBytes)),
      "memory_kill_bytes": .integer(Int(type.memoryKillBytes)),
      "cpu_share": .number(type.cpuShare),
      "dedicated_cores": .optional(type.dedicatedCores),
      "process_limit": .number(type.processLimit),
      "sleeps": .boolean(type.sleeps),
      "heroku_list_price_cents": .optional(type.monthlyCents),
    ]
  }

  private static func stack(_ stack: Stack) -> JSONValue {
    [
      "name": .string(stack.name.rawValue),
      "source": .string(CatalogText.words(stack.source)),
      "shell": .string(stack.shell),
    ]
  }

  private static func addOn(_ service: AddOnService) -> JSONValue {
    [
      "name": .string(service.name.rawValue),
      "config_prefix": .string(service.configPrefix),
      "holds_data": .boolean(service.holdsData),
      "plans": .array(
        service.plans.map { plan in
          [
            "name": .string(plan.name.rawValue),
            "heroku_list_price_cents": .optional(plan.monthlyCents),
          ]
        }),
    ]
  }
}
