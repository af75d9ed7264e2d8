// One-off dynos as JSON.

package import FormationModel

/// Renders one-off dynos as JSON.
package enum OneOffJSON {
  /// `{"format":1,"app":"shop","name":"run.12"}`: a detached dyno that was started.
  package static func started(_ name: String, of app: AppName) -> JSONValue {
    ["format": .number(1), "app": .string(app.rawValue), "name": .string(name)]
  }
}
