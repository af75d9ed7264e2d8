// How the machine has its control groups mounted.

import Testing

@testable import ContainerRuntimes

@Suite struct CgroupsTests {
  @Test func `modes are told from the mounts`() {
    let legacy = "cgroup /nowhere/pids cgroup rw,relatime,pids 0 0\n"
    let unified = "cgroup2 /nowhere/cgroup cgroup2 rw 0 0\n"
    #expect(Cgroups(mounts: "").mode == .none)
    #expect(Cgroups(mounts: legacy).mode == .legacy)
    #expect(Cgroups(mounts: unified).mode == .unified)
    // A second hierarchy without controllers disturbs nobody.
    #expect(Cgroups(mounts: legacy + unified).mode == .legacy)
    #expect(Cgroups(mounts: legacy + unified).mounts == ["/nowhere/pids", "/nowhere/cgroup"])
    #expect(Cgroups(mounts: "garbage\n\ncgroup\n").mode == .none)
  }
}
