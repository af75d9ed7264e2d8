// How effects end. Failures are outcomes; their retry class is part of the type.

/// How an effect ended.
package enum Outcome: Hashable, Codable, Sendable {
  /// It is done.
  case done
  /// It is not done, or nobody knows.
  case failed(EffectFailure)
}

/// Why an effect failed, and what that means for trying again.
package struct EffectFailure: Hashable, Codable, Sendable, Error {
  /// What trying again would mean.
  package enum Retry: String, Codable, Sendable, CaseIterable {
    /// It may work next time.
    case later
    /// It cannot work until the content changes: a command that is not in the slug, a stack that
    /// does not build.
    case withNewContent
    /// Nobody knows whether it happened, or the world is not as planned: look before doing
    /// anything.
    case afterObserving
    /// The machine is not able to (no space, no permission): everything of this kind waits.
    case whenMachineIsMended
  }

  /// A stable code, `command-not-found`.
  package let code: String
  /// What went wrong, for people, in one line.
  package let message: String
  /// What to do about it; nil when the message says it.
  package let fix: String?
  /// What trying again would mean.
  package let retry: Retry
  /// What lies behind it, the nearest first: what a program, a library or the kernel said. Shown
  /// with `-v`.
  package let causes: [String]

  /// Makes a failure.
  package init(
    _ code: String, _ message: String, fix: String? = nil, retry: Retry, causes: [String] = []
  ) {
    self.code = code
    self.message = message
    self.fix = fix
    self.retry = retry
    self.causes = causes
  }
}
