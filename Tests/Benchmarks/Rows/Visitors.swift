// Visitors by wrk, and two routers that are visited in turns.

import Foundation

/// What a visit came to.
struct Visit {
  /// The time of one request, all cores together: the reciprocal of throughput.
  let time: Duration
  /// 99 of 100 requests took no longer.
  let slowest: Duration

  /// Several visits as one: the mean of both.
  static func mean(_ visits: [Visit]) -> Visit {
    let count = Double(visits.count)
    return Visit(
      time: visits.map(\.time).reduce(.zero, +) / count,
      slowest: visits.map(\.slowest).reduce(.zero, +) / count)
  }
}

/// Many visitors at once.
struct Visitors {
  private static let connections = 32
  private static let seconds = 1

  let hosts: Int
  var closes = false

  /// Visits the router on a port for some seconds. Throws when a request fails.
  func visit(_ port: Int) throws -> Visit {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/wrk") else {
      throw Refusal(reason: "wrk is not installed: apt-get install wrk")
    }
    let printed = try Program.run(
      "/usr/bin/wrk",
      [
        "-t1", "-c\(Self.connections)", "-d\(Self.seconds)s", "-s", Peer.file("visitors.lua"),
        "http://127.0.0.1:\(port)/", "--", "\(hosts)", closes ? "close" : "keep",
      ])
    let numbers = printed.split(separator: "\n").last?.split(separator: " ").map { Int($0) } ?? []
    guard numbers.count == 4, let requests = numbers[0], let span = numbers[1],
      let slowest = numbers[2], requests > 0
    else { throw Refusal(reason: "wrk said: \(printed)") }
    guard numbers[3] == 0 else { throw Refusal(reason: "\(numbers[3] ?? 0) requests failed") }
    return Visit(
      time: .microseconds(span) / Double(requests), slowest: .microseconds(slowest))
  }
}

/// Two that were visited in turns: ours, theirs, theirs, ours, and so on. Where the kernel puts
/// threads makes one visit unlike the next, so each side of a pair is several short ones, in turns
/// too.
struct Pairs {
  private static let turns = 8

  private var all: [(ours: Visit, theirs: Visit)] = []

  init(_ count: Int, _ ours: () throws -> Visit, and theirs: () throws -> Visit) throws {
    _ = try ours()
    _ = try theirs()
    for _ in 1...count {
      var (mine, others) = ([Visit](), [Visit]())
      for turn in 1...Self.turns {
        if turn.isMultiple(of: 2) {
          others.append(try theirs())
          mine.append(try ours())
        } else {
          mine.append(try ours())
          others.append(try theirs())
        }
      }
      all.append((.mean(mine), .mean(others)))
    }
  }

  /// The medians.
  var ours: Visit { median(\.ours) }
  var theirs: Visit { median(\.theirs) }

  /// Ours over theirs, pair by pair.
  var time: RatioRange { RatioRange(all.map { $0.ours.time / $0.theirs.time }) }
  var slowest: RatioRange { RatioRange(all.map { $0.ours.slowest / $0.theirs.slowest }) }

  private func median(_ side: KeyPath<(ours: Visit, theirs: Visit), Visit>) -> Visit {
    let visits = all.map { $0[keyPath: side] }
    return Visit(
      time: visits.map(\.time).sorted()[visits.count / 2],
      slowest: visits.map(\.slowest).sorted()[visits.count / 2])
  }
}

/// Where the mean of ratios lies, with 95 % confidence: Student's t over their logarithms.
struct RatioRange {
  let lower: Double
  let middle: Double
  let upper: Double

  /// The quantile of 97.5 % for two, three, … ratios.
  private static let quantiles = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26]

  init(_ ratios: [Double]) {
    let logarithms = ratios.map { log($0) }
    let count = Double(ratios.count)
    let mean = logarithms.reduce(0, +) / count
    let squares = logarithms.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    let index = min(max(ratios.count, 2), Self.quantiles.count + 1) - 2
    let reach = Self.quantiles[index] * sqrt(squares / max(1, count - 1) / count)
    (lower, middle, upper) = (exp(mean - reach), exp(mean), exp(mean + reach))
  }
}
