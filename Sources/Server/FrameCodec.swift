// Frames as lines of JSON, with a bound on each: a peer that sends more is cut off.

import Foundation
import NIOCore

/// Cuts a stream of bytes into lines.
struct LineDecoder: ByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  /// The most bytes of one line.
  static let limit = 16 << 20

  /// How far the buffer was looked through without finding an end.
  private var searched = 0

  mutating func decode(
    context: ChannelHandlerContext, buffer: inout ByteBuffer
  ) throws -> DecodingState {
    let unseen = buffer.readableBytesView.dropFirst(searched)
    guard let end = unseen.firstIndex(of: UInt8(ascii: "\n")) else {
      searched = buffer.readableBytes
      guard searched <= Self.limit else { throw ControlFailure("a frame is too long") }
      return .needMoreData
    }
    let length = end - buffer.readerIndex
    searched = 0
    guard length <= Self.limit, let line = buffer.readSlice(length: length) else {
      throw ControlFailure("a frame is too long")
    }
    buffer.moveReaderIndex(forwardBy: 1)
    context.fireChannelRead(wrapInboundOut(line))
    return .continue
  }

  /// Half a line at the end of the stream is nobody's message.
  mutating func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) throws -> DecodingState {
    try decode(context: context, buffer: &buffer)
  }
}

/// Frames to bytes and back.
enum FrameCodec {
  /// A frame as a line; throws when it is longer than a line may be.
  static func line(_ frame: some Encodable) throws -> ByteBuffer {
    let bytes = try JSONEncoder().encode(frame)
    guard bytes.count <= LineDecoder.limit else { throw ControlFailure("a frame is too long") }
    var buffer = ByteBufferAllocator().buffer(capacity: bytes.count + 1)
    buffer.writeBytes(bytes)
    buffer.writeInteger(UInt8(ascii: "\n"))
    return buffer
  }

  /// The frame of a line; throws when it is none of that kind.
  static func frame<Frame: Decodable>(_ line: ByteBuffer) throws -> Frame {
    do {
      return try JSONDecoder().decode(Frame.self, from: Data(line.readableBytesView))
    } catch {
      throw ControlFailure(
        "the other end speaks another version of Muster's protocol",
        fix: "use the same version of muster for commands and for `muster serve`")
    }
  }
}

/// A channel of lines, both ways.
typealias LineChannel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

extension Channel {
  /// The channel as lines. Call on its event loop.
  func asLines() throws -> LineChannel {
    try pipeline.syncOperations.addHandler(
      ByteToMessageHandler(LineDecoder(), maximumBufferSize: LineDecoder.limit + (1 << 20)))
    return try NIOAsyncChannel(wrappingChannelSynchronously: self)
  }
}
