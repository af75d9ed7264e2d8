// The words after a command of Heroku's command line, taken apart: the app, options with values,
// and the rest in its order.

/// Words of one command line, without the command itself.
struct HerokuWords {
  /// The app that `-a` names.
  private(set) var app: String?
  /// Everything else, in its order; what follows `--` as it is.
  private(set) var rest: [String] = []

  /// Takes words apart.
  init(_ words: [String]) {
    var pending = words[...]
    while let word = pending.popFirst() {
      if word == "--" {
        rest += [word] + pending
        break
      }
      if word == "-a" || word == "--app" {
        app = pending.popFirst()
      } else if word.hasPrefix("--app=") {
        app = String(word.dropFirst(6))
      } else if word == "--json" || word == "-j" {
        rest += ["--format", "json"]
      } else {
        rest.append(word)
      }
    }
  }

  /// `APP`, or the word itself for a person to put a name in its place.
  var appName: String { app ?? "APP" }
  /// The app in front, for a command that takes it as its first argument.
  var withAppFirst: [String] { (app.map { [$0] } ?? []) + rest }
  /// The app by `-a`, behind everything else.
  var withAppLast: [String] { rest + (app.map { ["-a", $0] } ?? []) }
  /// Words that are no options.
  var operands: [String] { rest.filter { !$0.hasPrefix("-") } }

  /// Takes an option with its value out of the rest; nil when it is not there.
  mutating func take(_ names: String...) -> String? {
    for (index, word) in rest.enumerated() {
      if names.contains(word), index + 1 < rest.count {
        let value = rest[index + 1]
        rest.removeSubrange(index...index + 1)
        return value
      }
      if let name = names.first(where: { $0.hasPrefix("--") && word.hasPrefix("\($0)=") }) {
        rest.remove(at: index)
        return String(word.dropFirst(name.count + 1))
      }
    }
    return nil
  }

  /// Heroku names dynos by options where Muster takes a target: `--dyno-name web.1` is `web.1`.
  func withTarget() -> HerokuWords {
    var words = self
    let target = words.take("--dyno-name", "-d") ?? words.take("--process-type", "-p")
    if let target { words.rest.insert(target, at: 0) }
    return words
  }
}
