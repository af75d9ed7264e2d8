// The formation and the add-ons of an app.json in the forms that people really write.

import FormationModel

extension AppJSON {
  mutating func formation(_ entry: ManifestEntry) -> ManifestEntry? {
    var types: [ManifestEntry] = []
    switch entry.value.content {
    case .mapping(let entries): types = entries
    case .list(let items):
      read.note(
        "formation-as-list", at: entry.keyMark,
        "`formation` of app.json is a list; its entries are taken by their `type`")
      types = items.compactMap { item in
        guard let type = item["type"]?.text else { return nil }
        let rest = (item.entries ?? []).filter { $0.key != "type" }
        return ManifestEntry(type, at: item.mark, ManifestValue(.mapping(rest), at: item.mark))
      }
    case .scalar:
      unused(entry, "it should be an object")
      return nil
    }
    var result = entry
    result.value.content = .mapping(types.compactMap { process($0) })
    return result
  }

  private mutating func process(_ entry: ManifestEntry) -> ManifestEntry? {
    var result = entry
    switch entry.value.content {
    case .mapping(let fields):
      result.value.content = .mapping(fields.compactMap { processField($0, of: entry.key) })
    case .scalar where entry.value.isNull: return nil
    case .scalar:
      let quantity = ManifestEntry("quantity", at: entry.keyMark, entry.value)
      result.value.content = .mapping(
        [processField(quantity, of: entry.key)].compactMap { $0 })
    case .list:
      unused(entry, "it should be an object")
      return nil
    }
    return result
  }

  private mutating func processField(
    _ field: ManifestEntry, of type: String
  ) -> ManifestEntry? {
    switch field.key {
    case "size": return field
    case "quantity":
      guard case .scalar(let scalar) = field.value.content, wholeNumber(scalar.text) != nil else {
        return field
      }
      if scalar.isQuoted {
        read.note(
          "number-as-text", at: field.value.mark,
          "formation.\(type).quantity of app.json is text and is taken as a number")
      }
      var result = field
      result.value.content = .scalar(ManifestScalar(scalar.text, isQuoted: false))
      return result
    default:
      read.note(
        "unused-key", at: field.keyMark, "formation.\(type).\(field.key) of app.json is not used")
      return nil
    }
  }

  mutating func addOns(_ entry: ManifestEntry) -> ManifestEntry? {
    var items: [ManifestValue] = []
    switch entry.value.content {
    case .list(let list): items = list
    case .scalar: items = [entry.value]
    case .mapping:
      unused(entry, "it should be a list")
      return nil
    }
    var result = entry
    let lookup = StockAddOns(catalog: catalog)
    result.value.content = .list(items.compactMap { lookup.item($0, &read) })
    return result
  }
}
