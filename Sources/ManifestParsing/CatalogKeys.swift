// The keys of catalog entries, in platform.yaml's `catalog` and in what ships.

import FormationModel

/// Where which keys of catalog entries are known.
package enum CatalogKeys {
  static let debian = ["suite", "packages"]
  static let plan = ["name", "price"]

  /// Every table, by its place in platform.yaml.
  package static let all = [
    KeyTable("catalog.dyno_types.NAME", DynoType.keys),
    KeyTable("catalog.stacks.NAME", Stack.keys),
    KeyTable("catalog.stacks.NAME.debian", debian),
    KeyTable("catalog.addons.NAME", AddOnService.keys),
    KeyTable("catalog.addons.NAME.plans[]", plan),
  ]
}
