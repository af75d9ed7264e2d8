// What a service manager hears.

import Testing

@testable import Server

@Suite struct ServiceManagerTests {
  @Test func `messages are those of sd_notify`() {
    #expect(ServiceManager.State.ready.message == "READY=1")
    #expect(ServiceManager.State.alive.message == "WATCHDOG=1")
    #expect(ServiceManager.State.status("2 apps\nwell").message == "STATUS=2 apps well")
    #expect(
      ServiceManager.State.reloading(monotonic: 7).message == "RELOADING=1\nMONOTONIC_USEC=7")
  }

  @Test func `the watchdog is for the process that it names`() {
    let told = ["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "41"]
    #expect(ServiceManager(environment: told, process: 41).watchdog == .seconds(2))
    #expect(ServiceManager(environment: told, process: 42).watchdog == nil)
    #expect(ServiceManager(environment: [:], process: 42).watchdog == nil)
  }

  @Test func `without a manager nothing happens`() {
    ServiceManager(environment: [:]).tell(.ready)
  }
}
