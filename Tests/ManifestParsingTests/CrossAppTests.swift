// What can only be judged with all apps at hand.

import FormationModel
import ManifestParsing
import Testing

@Suite struct CrossAppTests {
  /// A tree of apps from their manifests.
  private func tree(_ manifests: [String: String], platform: String = "") -> MemoryTree {
    var files = ["platform.yaml": platform]
    for (name, text) in manifests {
      files["apps/\(name)/app.yaml"] = text
      files["apps/\(name)/Procfile"] = "web: serve"
    }
    return MemoryTree(files)
  }

  private func errors(_ manifests: [String: String], platform: String = "") throws -> [String] {
    try tree(manifests, platform: platform).formation().lines.filter { $0.contains(": error: ") }
  }

  @Test func `a domain belongs to the first app by name`() throws {
    let domains = "domains: [www.example.com]"
    #expect(
      try errors(["aaa": domains, "bbb": domains, "ccc": "domains: [other.example.com]"]) == [
        "apps/bbb/app.yaml:1:11: error: [domain-taken] www.example.com belongs to aaa"
          + " | take it out of one of the apps"
      ])
  }

  @Test func `dependencies exist and do not go in a circle`() throws {
    #expect(
      try errors(["aaa": "depends_on: [bbbb]", "bbb": ""]) == [
        "apps/aaa/app.yaml:1:14: error: [unknown-app] there is no app `bbbb` | did you mean `bbb`?"
      ])
    #expect(
      try errors([
        "aaa": "depends_on: [bbb]", "bbb": "depends_on: [ccc]", "ccc": "depends_on: [aaa]",
        "ddd": "depends_on: [aaa]",
      ]) == [
        "apps/aaa/app.yaml:1:14: error: [dependency-cycle] depends_on goes in a circle: "
          + "aaa → bbb → ccc → aaa | take one of the links out",
        "apps/bbb/app.yaml:1:14: error: [dependency-cycle] depends_on goes in a circle: "
          + "bbb → ccc → aaa → bbb | take one of the links out",
        "apps/ccc/app.yaml:1:14: error: [dependency-cycle] depends_on goes in a circle: "
          + "ccc → aaa → bbb → ccc | take one of the links out",
      ])
    #expect(try errors(["aaa": "depends_on: [aaa]"]).count == 1)
  }

  @Test func `attachments find their add-on`() throws {
    let billing = "addons: [heroku-postgresql:essential-0]"
    #expect(try errors(["aaa": "addons: [{attach: billing/database}]", "billing": billing]) == [])
    #expect(
      try errors(["aaa": "addons: [{attach: billing/databse}]", "billing": billing]) == [
        "apps/aaa/app.yaml:1:19: error: [unknown-addon] billing has no add-on `databse`"
          + " | did you mean `database`?"
      ])
    #expect(
      try errors([
        "aaa": "addons: [heroku-postgresql, {attach: bbb/database, as: B}]",
        "bbb": "addons: [heroku-postgresql, {attach: aaa/database, as: A}]",
      ]).allSatisfy { $0.contains("[attachment-cycle]") })
  }

  @Test func `former names are nobody else's`() throws {
    #expect(
      try errors(["aaa": "was: [bbb]", "bbb": "was: [old]", "ccc": "was: [old]"]) == [
        "apps/aaa/app.yaml:1:7: error: [name-in-use] was names bbb, which is an app of this "
          + "repository | take it out of `was`, or rename that app",
        "apps/ccc/app.yaml:1:7: error: [name-in-use] bbb says too that it was old"
          + " | keep it in one of them",
      ])
  }

  @Test func `spaces are declared by the platform`() throws {
    let manifests = ["aaa": "space: acme\nformation: {web: {size: private-s}}"]
    #expect(try errors(manifests, platform: "spaces: {acme: {trusted: [10.0.0.0/8]}}") == [])
    #expect(try errors(manifests, platform: "spaces: {acne: {}}").count == 1)
  }

  @Test func `a slug may be any folder of the repository`() throws {
    var tree = tree([
      "aaa": "slug: shared/code", "bbb": "slug: ../../shared/code", "ccc": "slug: code",
    ])
    tree.files["shared/code/main.py"] = []
    tree.files["apps/ccc/code/main.py"] = []
    let formation = try tree.formation()
    #expect(formation.apps.map(\.slugFolder) == ["shared/code", "shared/code"])
    #expect(
      formation.lines == [
        "apps/ccc/app.yaml:1:7: error: [unknown-folder] the repository has no folder `code`"
          + " | write `slug: ./code` for the one in the app's folder"
      ])
  }
}
