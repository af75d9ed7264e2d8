// Which faults a simulation has, and how often. Drawn anew for each seed ("swarm testing"): most
// runs have a few kinds of faults only, so that one kind does not hide another.

import FormationModel

/// A kind of fault.
package enum Fault: Int, Hashable, CaseIterable, Sendable {
  /// An operation fails and nothing has happened.
  case operationFails
  /// An operation happens and its answer is lost.
  case answerLost
  /// An operation does not happen and nobody can tell.
  case requestLost
  /// An answer comes a minute late.
  case answerLate
  /// A start leaves a container that never ran.
  case startHalfDone
  /// Making a stack or slug ready fails.
  case prepareFails
  /// The machine is full.
  case machineFull
  /// A dyno takes long to boot.
  case bootSlow
  /// A dyno never binds its port.
  case neverReady
  /// A dyno dies soon after its start.
  case diesEarly
  /// A dyno dies, at any time.
  case dies
  /// The kernel ends a part of a dyno for its memory.
  case starves
  /// A dyno's monitor dies.
  case monitorDies
  /// A person stops a dyno.
  case humanStops
  /// A person removes a container.
  case humanRemoves
  /// A stranger takes the name that comes next.
  case nameTaken
  /// A slug or a stack is lost.
  case contentLost
  /// The runtime tells what was a while ago.
  case staleObservation
  /// The runtime tells a part.
  case partialObservation
  /// The runtime does not answer.
  case observationUnavailable
  /// Nobody tells Muster that something happened.
  case eventDropped
  /// Muster is told twice.
  case eventRepeated
  /// The repository cannot be read for a while.
  case sourceFails
  /// The branch goes back to an older commit for a while.
  case sourceRewinds
  /// A write to the store fails.
  case writeFails
  /// A write to the store happens and nobody can tell: Muster begins anew with what the store has.
  case writeAnswerLost
  /// Muster is killed, at any time.
  case musterKilled
  /// Muster is killed when it is about to do something.
  case musterKilledAtEffect
  /// What Muster had begun goes on after its death.
  case effectOutlivesMuster
  /// The clock jumps.
  case clockJumps
  /// A write to the store happens and is told to have failed.
  case writeReportedFailed
  /// The store neither reads nor writes for a while, as on a full disk.
  case storeDown
  /// A dyno's record cannot be read for a while; then somebody mends it, or ends the dyno by hand.
  case recordLost
  /// The router ends, and with it all that it knew.
  case routerDies
  /// The router does not say what it does.
  case routerSilent
}

/// How often each kind of fault happens, per mille of its occasions.
package struct FaultMix: Sendable {
  private var rates: [Int]

  /// No faults.
  package static let none = FaultMix(rates: Fault.allCases.map { _ in 0 })

  private init(rates: [Int]) { self.rates = rates }

  /// One kind of fault alone.
  package init(_ fault: Fault, perMille: Int) {
    self = .none
    rates[fault.rawValue] = perMille
  }

  /// Draws a mix: in three of ten seeds no fault at all, else each kind with even chances.
  package init(from chance: inout Chance) {
    self = .none
    guard !chance.happens(perMille: 300) else { return }
    for fault in Fault.allCases where chance.happens(perMille: 450) {
      rates[fault.rawValue] = chance.number(1...fault.highestRate)
    }
    // Nothing outlives a Muster that is not killed, and few things are under way when it is.
    if self[.effectOutlivesMuster] > 0 {
      let kill = Fault.musterKilledAtEffect
      rates[kill.rawValue] = kill.highestRate
    }
  }

  /// How often that kind happens.
  package subscript(_ fault: Fault) -> Int {
    get { rates[fault.rawValue] }
    set { rates[fault.rawValue] = newValue }
  }

  /// The kinds that happen, for people.
  package var summary: String {
    let active = Fault.allCases.filter { self[$0] > 0 }.map { "\($0) \(self[$0])‰" }
    return active.isEmpty ? "none" : active.joined(separator: ", ")
  }
}

extension Fault {
  /// The most that a mix has of it, per mille of its occasions.
  var highestRate: Int {
    switch self {
    case .operationFails, .answerLost, .requestLost, .startHalfDone: 200
    case .prepareFails: 400
    case .answerLate, .machineFull, .writeFails, .writeAnswerLost, .writeReportedFailed: 150
    case .bootSlow, .neverReady, .diesEarly: 250
    case .dies, .starves, .humanStops, .humanRemoves, .monitorDies: 250
    case .nameTaken, .contentLost, .clockJumps, .recordLost, .storeDown: 150
    case .staleObservation, .partialObservation, .observationUnavailable, .routerSilent: 200
    case .routerDies: 150
    case .eventDropped, .eventRepeated: 500
    case .sourceFails, .sourceRewinds: 150
    case .musterKilled: 100
    case .musterKilledAtEffect: 60
    case .effectOutlivesMuster: 900
    }
  }
}
