// What a state directory is for: one repository, ref, environment and runtime. Written once, so
// that a command given the wrong repository cannot tear down what another one asked for.

package import FormationModel
import Foundation

/// What a state directory is bound to.
package struct Binding: Hashable, Codable, Sendable {
  /// Where the repository is.
  package let repository: String
  /// The branch or tag; nil for the repository's default.
  package let ref: String?
  /// The environment; nil for none.
  package let environment: String?
  /// The runtime that dynos are started on.
  package let runtime: String

  /// Makes a binding.
  package init(repository: String, ref: String?, environment: String?, runtime: String) {
    self.repository = repository
    self.ref = ref
    self.environment = environment
    self.runtime = runtime
  }

  /// Throws `binding-differs`, naming both values of each part that differs from the other binding.
  package func check(against other: Binding) throws(EffectFailure) {
    let pairs = [
      ("repository", Self.shown(repository), Self.shown(other.repository)),
      ("ref", ref ?? "the default", other.ref ?? "the default"),
      ("environment", environment ?? "none", other.environment ?? "none"),
      ("runtime", runtime, other.runtime),
    ]
    var differences = pairs.filter { $0.1 != $0.2 }.map { "\($0.0) \($0.1), not \($0.2)" }
    if differences.isEmpty && self != other {
      differences = ["repository \(Self.shown(repository)) with other credentials"]
    }
    guard !differences.isEmpty else { return }
    throw EffectFailure(
      "binding-differs",
      "this state directory is bound to \(differences.joined(separator: "; "))",
      fix: "use another state directory (--state DIR), or --rebind to move this one over",
      retry: .withNewContent)
  }

  /// All of it as one text, for digests; without the credentials that a URL may carry.
  package var canonical: String {
    "repository \(Self.shown(repository))\nref \(ref ?? "")\nenvironment \(environment ?? "")\n"
      + "runtime \(runtime)\n"
  }

  /// A repository without the name and password that its URL may carry.
  private static func shown(_ repository: String) -> String {
    guard let scheme = repository.range(of: "://") else { return repository }
    let rest = repository[scheme.upperBound...]
    let host = rest.prefix { $0 != "/" }
    guard let at = host.lastIndex(of: "@") else { return repository }
    return "\(repository[..<scheme.upperBound])***\(rest[at...])"
  }
}

/// The file that holds a binding.
package struct BindingFile: Sendable {
  let path: String

  /// The binding; nil before the first reconcile.
  package func read() throws(EffectFailure) -> Binding? {
    let bytes: [UInt8]?
    do throws(SystemFailure) {
      bytes = try DurableFiles.read(path, limit: 1 << 16)
    } catch {
      throw error.effect
    }
    guard let bytes else { return nil }
    // A decoding error quotes what it read, and a repository's URL may hold a password.
    guard let binding = try? JSONDecoder().decode(Binding.self, from: Data(bytes)) else {
      throw EffectFailure(
        "binding-unreadable", "\(path) does not say what this state directory is bound to",
        fix: "name what it is for with --repo, --ref, --environment, --runtime and --rebind",
        retry: .whenMachineIsMended)
    }
    return binding
  }

  /// Binds the state directory, or checks that it is bound to just that.
  package func bind(_ binding: Binding) throws(EffectFailure) {
    do throws(SystemFailure) {
      if try DurableFiles.writeOnce(path, encoded(binding)) { return }
    } catch {
      throw error.effect
    }
    try read()?.check(against: binding)
  }

  /// Binds the state directory to something else.
  package func rebind(_ binding: Binding) throws(EffectFailure) {
    do throws(SystemFailure) {
      try DurableFiles.replace(path, encoded(binding))
    } catch {
      throw error.effect
    }
  }

  private func encoded(_ binding: Binding) -> [UInt8] {
    // Strings alone: encoding them cannot fail.
    let text = (try? JSONEncoder.stored.encode(binding)) ?? Data()
    return Array(text) + [UInt8(ascii: "\n")]
  }
}
