// Takes webhooks of forges: a proven one is a hint to look at the repository now, and nothing else.
// What is in its body is never read.

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Listens for webhooks.
package struct WebhookReceiver: Sendable {
  /// The most bytes of a body.
  package static let bodyLimit = 1 << 20
  /// Connections at the same time; more are closed at once.
  static let connectionsAtOnce = 64
  /// How long a connection may last.
  static let deadline: Duration = .seconds(10)

  private let listener: any Channel
  private let hints: AsyncStream<Void>

  /// The port listened on; the one that was free, when none was named.
  package var port: Int? { listener.localAddress?.port }

  /// Listens on an address and port.
  package static func listen(
    host: String, port: Int, secret: WebhookSecret
  ) async throws -> WebhookReceiver {
    // Bursts (a push of many branches) come to one hint.
    let (hints, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let counter = ConnectionCounter(limit: connectionsAtOnce)
    do {
      let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .serverChannelOption(.backlog, value: 64)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(counter.handler())
            try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
            try pipeline.addHandler(
              WebhookHandler(secret: secret, deadline: .init(deadline)) { continuation.yield() })
          }
        }
        .bind(host: host, port: port).get()
      return WebhookReceiver(listener: listener, hints: hints)
    } catch {
      throw ControlFailure(
        "cannot listen for webhooks on \(host):\(port): \(error)",
        fix: "name another address and port with --webhook")
    }
  }

  /// Calls `hint` for each burst of proven webhooks until the task is cancelled.
  package func run(_ hint: @Sendable () -> Void) async {
    for await _ in hints { hint() }
    try? await listener.close()
  }
}

/// One connection: takes one request whole, answers, closes.
private final class WebhookHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let secret: WebhookSecret
  private let deadline: TimeAmount
  private let hint: @Sendable () -> Void
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var isAnswered = false
  private var alarm: Scheduled<Void>?

  init(secret: WebhookSecret, deadline: TimeAmount, hint: @escaping @Sendable () -> Void) {
    self.secret = secret
    self.deadline = deadline
    self.hint = hint
  }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    alarm = context.eventLoop.scheduleTask(in: deadline) { channel.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    alarm?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isAnswered else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      if let status = Self.refusal(head) { answer(context, status) }
    case .body(let part):
      body += part.readableBytesView
      if body.count > WebhookReceiver.bodyLimit { answer(context, .payloadTooLarge) }
    case .end: take(context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private static func refusal(_ head: HTTPRequestHead) -> HTTPResponseStatus? {
    if head.method != .POST { return .methodNotAllowed }
    let path = head.uri.split(separator: "?", omittingEmptySubsequences: false).first
    if path != "/webhook" { return .notFound }
    if let text = head.headers.first(name: "content-length"), let length = Int(text),
      length > WebhookReceiver.bodyLimit
    {
      return .payloadTooLarge
    }
    return nil
  }

  private func take(_ context: ChannelHandlerContext) {
    var headers: [String: String] = [:]
    // A header that is there twice proves nothing: nobody knows which one was meant.
    for header in head?.headers ?? [:] {
      let name = header.name.lowercased()
      headers[name] = headers[name] == nil ? header.value : ""
    }
    guard secret.isProven(by: headers, body: body) else { return answer(context, .unauthorized) }
    hint()
    answer(context, .accepted)
  }

  private func answer(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus) {
    isAnswered = true
    body = []
    let headers: HTTPHeaders = ["content-length": "0", "connection": "close"]
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      channel.close(promise: nil)
    }
  }
}

/// Closes connections beyond a number.
private final class ConnectionCounter: Sendable {
  private let open = Mutex(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func handler() -> Handler { Handler(self) }

  private func enter() -> Bool {
    open.withLock { open in
      guard open < limit else { return false }
      open += 1
      return true
    }
  }

  private func leave() { open.withLock { $0 -= 1 } }

  final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let counter: ConnectionCounter
    private var isCounted = false

    init(_ counter: ConnectionCounter) { self.counter = counter }

    func channelActive(context: ChannelHandlerContext) {
      guard counter.enter() else { return context.close(promise: nil) }
      isCounted = true
      context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
      if isCounted { counter.leave() }
      context.fireChannelInactive()
    }
  }
}
