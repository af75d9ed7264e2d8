// Names and places of a controller.

import FormationModel
import Testing

@testable import ContainerRuntimes

@Suite struct ControllerPlacesTests {
  @Test(arguments: ["", "../etc", "a/b", "a b", "ü", String(repeating: "a", count: 65)])
  func `an id that could lead elsewhere is refused`(_ id: String) {
    #expect(throws: EffectFailure.self) {
      try ControllerPlaces(controller: id, state: "/state", boot: "b")
    }
  }

  @Test(arguments: ["state", "", "/a,b", "/a:b"])
  func `a state folder that overlayfs cannot take is refused`(_ folder: String) {
    let failure = #expect(throws: EffectFailure.self) {
      try ControllerPlaces(controller: "c", state: folder, boot: "b")
    }
    #expect(failure?.code == "bad-state-folder")
  }

  @Test func `container names fit interfaces, and differ`() throws {
    let app = try #require(AppName(rawValue: "shop"))
    let one = try ControllerPlaces(controller: "one", state: "/s", boot: "b")
    let two = try ControllerPlaces(controller: "two", state: "/s", boot: "b")
    let ids = (1...50).map { InstanceID(slot: SlotID(app, .web, $0), release: 1, attempt: 1) }
    let names = ids.map(one.container) + ids.map(two.container)
    #expect(Set(names).count == 100)
    #expect(names.allSatisfy { $0.utf8.count == 15 })
    #expect(ids.allSatisfy { one.container($0).hasPrefix(one.prefix) })
  }
}
