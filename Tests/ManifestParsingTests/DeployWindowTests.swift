// Deploy windows as manifests write them, and the time zones that there are.

import FormationModel
import Foundation
import Testing

@testable import ManifestParsing

@Suite struct `Deploy windows` {
  @Test func `are read with their times, their zone and their place`() throws {
    let formation = try MemoryTree.app(
      """
      windows:
        - {deny: "Fri 16:00 - Mon 07:00", zone: Europe/Berlin}
        - {allow: "Mon-Tue 22:00-06:00"}
      """
    ).formation()
    #expect(formation.diagnostics.filter { $0.severity == .error } == [])
    let shop = try #require(formation.app("shop"))
    #expect(shop.unsupported == [])
    #expect(
      shop.windows == [
        DeployWindow(
          .deny, "Fri 16:00 - Mon 07:00", [WeekStretch(day: 4, from: 960, days: 3, to: 420)],
          zone: "Europe/Berlin"),
        DeployWindow(
          .allow, "Mon-Tue 22:00-06:00",
          [0, 1].map { WeekStretch(day: $0, from: 1320, days: 1, to: 360) }, zone: "UTC"),
      ])
    #expect(shop.marks["windows.1"]?.line == 3)
  }

  @Test(arguments: ["", "windows: []\n"])
  func `that are none are no field`(_ text: String) throws {
    let formation = try MemoryTree.app("maintenance: false\n" + text).formation()
    #expect(try #require(formation.app("shop")).windows == nil)
  }

  @Test func `of an environment replace those of the app`() throws {
    let formation = try MemoryTree.app(
      """
      windows: [{deny: "00:00-24:00"}]
      environments: {production: {windows: [{allow: "Sat,Sun 08:00-12:00"}]}, staging: {}}
      """,
      more: ["platform.yaml": "apps: [{path: apps/shop, environment: production}]"]
    ).formation()
    let shop = try #require(formation.app("shop"))
    #expect(shop.windows?.map(\.description) == ["allow Sat,Sun 08:00-12:00 UTC"])
  }

  @Test func `have spans in days and minutes`() {
    func text(_ span: String) -> String? {
      WeekSpan.stretches(span)?.map { "\($0.day):\($0.from)+\($0.days):\($0.to)" }
        .joined(separator: " ")
    }
    #expect(text("Sat 10:00-12:00") == "5:600+0:720")
    #expect(text("Fri-Mon 00:00-24:00") == "0:0+0:1440 4:0+0:1440 5:0+0:1440 6:0+0:1440")
    #expect(text("wed,MON 23:00-01:00") == "0:1380+1:60 2:1380+1:60")
    #expect(text("Mon 08:00 - Mon 09:00") == "0:480+0:540")
    #expect(text("Mon 09:00 - Mon 08:00") == "0:540+7:480")
    #expect(text("Fri 24:00 - Mon 07:00") == "4:1440+3:420")
    #expect(text("24:00-00:00") == nil)
  }

  @Test func `know zones that Foundation knows`() {
    #expect(ZoneName.known.count > 500)
    #expect(ZoneName.known.filter { TimeZone(identifier: $0) == nil } == [])
    #expect(TimeZone.knownTimeZoneIdentifiers.filter { !ZoneName.isValid($0) } == ["GMT"])
  }
}
