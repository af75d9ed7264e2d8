// What a group uses, read from the files of either version.

import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

@Suite struct CgroupReadingsTests {
  /// Makes hierarchies of plain files in a folder of the test's own.
  private func withFiles(
    _ files: [String: String], _ body: (String) throws -> Void
  ) throws {
    let root = NSTemporaryDirectory() + "muster-cgroups-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for (path, text) in files {
      let file = URL(filePath: "\(root)/\(path)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(root)
  }

  private let pressure = """
    some avg10=1.50 avg60=0.25 avg300=0.00 total=12
    full avg10=9.00 avg60=9.00 avg300=9.00 total=9

    """

  @Test func `version 2`() throws {
    let files = [
      "u/g/memory.stat": "anon 1000\nfile 200\nkernel 50\n", "u/g/memory.swap.current": "30\n",
      "u/g/cpu.stat": "usage_usec 2500000\nnr_throttled 2\nthrottled_usec 700\n",
      "u/g/pids.current": "7\n", "u/g/pids.max": "256\n", "u/g/cgroup.procs": "10\n11\n12\n",
      "u/g/cpu.pressure": pressure, "u/g/memory.pressure": pressure,
    ]
    try withFiles(files) { root in
      let groups = Cgroups(mounts: "cgroup2 \(root)/u cgroup2 rw 0 0\n")
      let sample = try #require(groups.sample(of: "/g"))
      #expect(sample.memory == MemoryUse(rss: 1000, cache: 200, swap: 30))
      #expect(sample.memory.total == 1230)
      #expect(sample.cpuTime == .milliseconds(2500))
      #expect(sample.throttledTime == .microseconds(700))
      #expect(sample.processes == 3 && sample.tasks == 7)
      #expect(sample.taskLimit == 256)
      #expect(sample.pressure?.cpu == .init(over10: 1.5, over60: 0.25, over300: 0))
      #expect(groups.sample(of: "/none") == nil)
    }
  }

  @Test func `version 1, with an empty version 2 beside it`() throws {
    let files = [
      "m/g/memory.stat": "rss 1\ntotal_rss 1000\ntotal_cache 200\ntotal_swap 0\n",
      "a/g/cpuacct.usage": "2500000000\n",
      "c/g/cpu.stat": "nr_periods 9\nnr_throttled 2\nthrottled_time 700000\n",
      "p/g/pids.current": "7\n", "p/g/pids.max": "max\n", "p/g/cgroup.procs": "10\n",
    ]
    try withFiles(files) { root in
      let controllers = ["m": "memory", "a": "cpuacct", "c": "cpu", "p": "pids"]
      let mounts = controllers.map { "cgroup \(root)/\($0) cgroup rw,\($1) 0 0\n" }.joined()
      let groups = Cgroups(mounts: mounts + "cgroup2 \(root)/u cgroup2 rw 0 0\n")
      let sample = try #require(groups.sample(of: "/g"))
      #expect(sample.memory == MemoryUse(rss: 1000, cache: 200, swap: 0))
      #expect(sample.cpuTime == .milliseconds(2500))
      #expect(sample.throttledTime == .microseconds(700))
      #expect(sample.processes == 1 && sample.tasks == 7)
      #expect(sample.taskLimit == nil)
      #expect(sample.pressure == nil)
    }
  }

  @Test func `pressure that is none is not guessed`() {
    #expect(Cgroups.pressure(in: nil) == nil)
    #expect(Cgroups.pressure(in: "") == nil)
    #expect(Cgroups.pressure(in: "some avg10=x avg60=0 avg300=0") == nil)
  }
}
