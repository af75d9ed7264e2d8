// `muster serve` at work: one loop that runs for ever, woken by polls, hints, events of the runtime
// and orders, and the commands of others that it runs meanwhile.

import ControlLoop
import Effects
import FormationModel
import Foundation
import Glibc
import Logging
import Looping
import ManifestParsing
import Planning
import Review
import Server
import StateStore

/// The one Muster that acts on a state directory, for as long as the process lives.
final class Daemon: Sendable {
  let loop: RunningLoop
  private let session: PlatformSession
  private let options: ServeOptions
  private let log: Logger
  private let manager: ServiceManager

  init(_ session: PlatformSession, _ options: ServeOptions, crashPoint: CrashPoint?) {
    self.session = session
    self.options = options
    log = options.logger
    manager = ServiceManager(environment: Surroundings.process.environment)
    var loopOptions = LoopOptions(runsOnce: false, catalog: ShippedCatalog.catalog)
    loopOptions.router = session.settings.router
    if let watchdog = manager.watchdog {
      loopOptions.fullPassInterval = min(loopOptions.fullPassInterval, watchdog / 3)
    }
    loop = RunningLoop(
      options: loopOptions, memory: session.memory, seams: session.seams, crashPoint: crashPoint)
  }

  /// Runs until SIGTERM or SIGINT. Dynos run on.
  func run() async throws {
    let signals = Signals.stream([SIGTERM, SIGINT, SIGHUP])
    let notices = loop.notices()
    let socket = try await listen()
    let webhooks = try await takeWebhooks()
    log.info("serving", metadata: ["repository": "\(session.binding.repository)"])
    await withTaskGroup { group in
      group.addTask { await self.report(notices) }
      group.addTask { await self.poll() }
      group.addTask { await self.obey(signals) }
      group.addTask {
        await webhooks?.run {
          self.log.info("webhook")
          self.loop.driver.send(.woken)
        }
      }
      group.addTask {
        do { try await socket.run() } catch is CancellationError {} catch {
          self.log.error("the control socket has failed", metadata: ["cause": "\(error)"])
        }
      }
      _ = await loop.driver.run()
      group.cancelAll()
    }
    await Composition.leave(session.seams.router)
    await Composition.leaveUnused(session.runtime)
    log.info("stopped; dynos run on")
  }

  // MARK: - Callers

  private func listen() async throws -> ControlSocket {
    let group = try session.admitOperators()
    if group == nil {
      log.notice("only the owner may use the socket: there is no group muster")
    }
    return try await ControlSocket.listen(in: session.folder.path, group: group) {
      [self] request, caller, console in
      let surroundings = Surroundings(request, caller, console, daemon: self)
      log.debug("command", metadata: ["caller": "\(caller.name)"])
      return await Surroundings.$current.withValue(surroundings) {
        await CommandRun.served(request.arguments)
      }
    }
  }

  /// The platform as a served command sees it: this daemon's own, at this moment.
  func session(_ settings: Settings, rebinds: Bool) async throws -> PlatformSession {
    guard !rebinds else {
      throw CommandFailure(
        .no, "`muster serve` is at work on what this state directory is bound to",
        fix: "stop it first, then run `muster reconcile --rebind`")
    }
    return try await session.seen(by: settings, memory: loop.driver.memory)
  }

  // MARK: - Wake-ups

  private func takeWebhooks() async throws -> WebhookReceiver? {
    guard let webhook = options.webhook else { return nil }
    let receiver = try await WebhookReceiver.listen(
      host: webhook.host, port: webhook.port, secret: webhook.secret)
    log.info(
      "taking webhooks",
      metadata: ["address": "\(webhook.host):\(receiver.port ?? webhook.port)"])
    return receiver
  }

  /// Wakes the loop now and then, each time a little earlier or later than the last: many Musters
  /// that were started together must not ask one server at the same moment for ever.
  private func poll() async {
    while !Task.isCancelled {
      let milliseconds = options.poll.inMilliseconds
      let jitter = Int64.random(in: -milliseconds / 10...milliseconds / 10)
      try? await Task.sleep(for: .milliseconds(milliseconds + jitter))
      loop.driver.send(.woken)
    }
  }

  private func obey(_ signals: AsyncStream<Int32>) async {
    for await signal in signals {
      guard signal == SIGHUP else {
        log.info("stopping")
        manager.tell(.stopping)
        await loop.driver.stop()
        continue
      }
      log.info("reading everything again")
      manager.tell(.reloading(monotonic: Self.monotonicMicroseconds()))
      _ = await loop.look(reading: true)
      manager.tell(.ready)
    }
  }

  private static func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
  }

  // MARK: - Reports

  private func report(_ notices: AsyncStream<LoopNotice>) async {
    var text = LoopLog(log)
    let room = RoomMaking(session, log)
    var isReady = false
    for await notice in notices {
      text.take(notice)
      guard case .planned(let plan) = notice else { continue }
      // Only a pass that has ended proves that the loop is alive.
      manager.tell(isReady ? .alive : .ready, .status(StatusLine.of(plan)))
      isReady = true
      // Nobody waits for it: it may take longer than a watchdog waits for the next pass.
      if RoomMaking.isNeeded(plan) { Task { await room.makeRoom(loop.driver.memory) } }
    }
  }
}

extension Surroundings {
  /// The surroundings of a command that the daemon runs for a caller.
  init(_ request: ControlRequest, _ caller: Caller, _ console: CallConsole, daemon: Daemon) {
    self.init(
      environment: request.environment, folder: request.folder,
      isInteractive: request.isInteractive,
      zone: request.zone.flatMap(TimeZone.init(identifier:)) ?? .gmt, caller: caller.name,
      console: console, daemon: daemon)
  }
}
