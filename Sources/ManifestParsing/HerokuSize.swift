// Names of dyno types that Heroku had or shows, and what they are today.

import FormationModel

/// Heroku's other names for dyno types.
enum HerokuSize {
  private static let old = [
    "free": "basic", "hobby": "basic", "1x": "standard-1x", "2x": "standard-2x",
    "px": "performance-l", "p": "performance-l", "performance": "performance-l",
    "standard": "standard-1x", "dev": "basic", "production": "standard-1x",
  ]

  /// The dyno type's name today: `Hobby` is basic, `2X` standard-2x, any case; nil when the text
  /// cannot be a name.
  static func canonical(_ text: String) -> CatalogName? {
    let lower = text.lowercased()
    return CatalogName(rawValue: old[lower] ?? lower)
  }
}
