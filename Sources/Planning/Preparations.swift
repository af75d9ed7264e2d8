// Collects what has to be made ready before a release can be recorded, less what is under way or
// failed a moment ago.

import FormationModel

/// Steps towards readiness, and waits for those that are under way.
struct Preparations {
  let app: AppName
  let context: PlanningContext
  var steps: [Step] = []
  private(set) var waits: [Wait] = []

  init(app: AppName, context: PlanningContext) {
    self.app = app
    self.context = context
  }

  /// Adds an operation unless it is under way or waits for its next try.
  mutating func add(
    _ operation: Operation, waitingFor name: String, _ reason: Reason = .needed
  ) {
    let subject = operation.subject
    if context.underWay.contains(subject) {
      waits.append(Wait(app: app, .content(name: name)))
    } else if let setback = context.setbacks[subject],
      setback.until.map({ $0 > context.now }) ?? true
    {
      waits.append(Wait(app: app, .retry(setback.failure), until: setback.until))
    } else {
      steps.append(Step(app: app, operation, reason))
    }
  }
}
