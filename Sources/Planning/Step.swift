// One step that may be taken now. The executor takes it as it is and decides nothing.

package import FormationModel

/// One thing to do, and why.
package struct Step: Hashable, Codable, Sendable {
  /// The app; nil for the platform.
  package let app: AppName?
  /// What to do.
  package let operation: Operation
  /// Why.
  package let reason: Reason

  /// Makes a step.
  package init(app: AppName?, _ operation: Operation, _ reason: Reason) {
    self.app = app
    self.operation = operation
    self.reason = reason
  }
}

/// What a step does. Everything a plan can cause is in this list.
package enum Operation: Hashable, Codable, Sendable {
  /// Write to memory; always before the steps it guards.
  case remember([MemoryChange])
  /// Make secrets that do not exist yet.
  case generateSecrets([SecretID])
  /// Make a stack ready.
  case prepareStack(StackReference)
  /// Make a slug ready.
  case prepareSlug(SlugReference)
  /// Start an instance.
  case start(InstanceSpec)
  /// Ask an instance to stop; SIGKILL follows after the grace period.
  case stop(InstanceID, grace: Duration)
  /// End an instance whose grace period is over.
  case kill(InstanceID)
  /// Remove an instance that does not run.
  case remove(InstanceID)
  /// Make the router run with this table and no other.
  case openRouter(RouteTable)
  /// Make the router do this for an app; nil: nothing any more.
  case route(AppName, AppRoutes?)

  /// What the operation is about: at most one operation per subject is under way.
  package var subject: OperationSubject {
    switch self {
    case .remember: .memory
    case .generateSecrets(let secrets): .secrets(secrets.first?.app)
    case .prepareStack(let stack): .content(stack.digest)
    case .prepareSlug(let slug): .content(slug.digest)
    case .start(let spec): .slot(spec.id.slot, spec.content.digest)
    case .stop(let id, _), .kill(let id), .remove(let id): .instance(id)
    case .openRouter: .router
    case .route(let app, _): .routes(app)
    }
  }
}

/// What an operation is about.
package enum OperationSubject: Hashable, Codable, Sendable {
  /// Memory.
  case memory
  /// An app's secrets.
  case secrets(AppName?)
  /// A stack or slug.
  case content(ContentDigest)
  /// Starting this content in this slot.
  case slot(SlotID, ContentDigest)
  /// An instance.
  case instance(InstanceID)
  /// The router as a whole.
  case router
  /// An app's routes.
  case routes(AppName)
}
