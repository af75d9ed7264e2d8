// Secrets by command on the simulated runtime: they are set, held for, imported, rotated, taken
// out, and every value that was ever set is looked for in everything that Muster wrote.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable was not built"))
struct SecretCommandsTests {
  private func platform() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.write(
      "web: exec serve\n", to: "apps/shop/Procfile")
    try platform.write(
      """
      stack: busybox
      env:
        SESSION_KEY: {generator: secret}
        STRIPE_KEY: {secret: STRIPE_KEY}
        GREETING: hello

      """, to: "apps/shop/app.yaml")
    try platform.commit()
    return platform
  }

  @Test func `a missing one holds the app, and the command that the hold names frees it`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let held = try platform.muster("reconcile")
    #expect(held.code == 3, "\(held)")
    #expect(held.output.contains("muster secrets set shop STRIPE_KEY"), "\(held)")
    let set = try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: "one\n")
    #expect(set.code == 0, "\(set)")
    #expect(set.output.contains("STRIPE_KEY of shop: v1  (shop env.STRIPE_KEY)"), "\(set)")
    #expect(try platform.ps().map(\.state) == ["up"])
    let config = try platform.muster("config", "get", "STRIPE_KEY", "--reveal")
    #expect(config.output == "one\n", "\(config)")
  }

  @Test func `before the first reconcile it is only stored, and nothing is bound`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let set = try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: "one")
    #expect(set.code == 0, "\(set)")
    #expect(!FileManager.default.fileExists(atPath: platform.state + "/binding.json"))
    try platform.converge()
  }

  @Test func `another value is a release, and the plan says of which secret`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: "one")
    try platform.converge()
    let later = try platform.muster(
      "secrets", "rotate", "shop", "STRIPE_KEY", "--later", input: "two")
    #expect(later.output.contains("v1 → v2"), "\(later)")
    let plan = try platform.muster("plan")
    #expect(plan.output.contains("» shop release  v1 → v2  secret STRIPE_KEY v1 → v2\n"), "\(plan)")
    #expect(plan.output.contains("± shop web.1"), "\(plan)")
    try platform.converge()
    let same = try platform.muster("secrets", "rotate", "shop", "STRIPE_KEY", input: "two")
    #expect(same.code == 1, "\(same)")
    let made = try platform.muster("secrets", "rotate", "shop", "SESSION_KEY")
    #expect(made.code == 0, "\(made)")
    #expect(made.output.contains("SESSION_KEY generated for shop: v1 → v2"), "\(made)")
    #expect(try platform.ps().map(\.release) == [3])
    #expect(try platform.muster("plan").output.hasPrefix("No changes."))
  }

  @Test func `the platform's value counts where an app has none of its own`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.muster("secrets", "set", "STRIPE_KEY", input: "all")
    try platform.converge()
    #expect(try platform.muster("config").output.contains("STRIPE_KEY v1 of the platform"))
    let own = try platform.muster("secrets", "set", "STRIPE_KEY", "-a", "shop", input: "own")
    #expect(own.code == 0, "\(own)")
    #expect(try platform.muster("config").output.contains("secret STRIPE_KEY v1\n"))
    let list = try platform.muster("secrets")
    #expect(list.output.contains("no config var has it"), "\(list)")
  }

  @Test func `what is in use is not taken out, unless somebody insists`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: "one")
    try platform.converge()
    let refused = try platform.muster("secrets", "unset", "shop", "STRIPE_KEY")
    #expect(refused.code == 1 && refused.errors.contains("shop env.STRIPE_KEY"), "\(refused)")
    let removed = try platform.muster("secrets", "unset", "shop", "STRIPE_KEY", "--force")
    #expect(removed.code == 0, "\(removed)")
    let held = try platform.muster("reconcile")
    #expect(held.code == 3 && held.output.contains("secret-missing/shop"), "\(held)")
    #expect(try platform.ps().map(\.state) == ["up"], "what runs goes on")
  }

  @Test func `a lost one is said to be lost`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: "one")
    try platform.converge()
    try FileManager.default.removeItem(atPath: platform.state + "/secrets/_apps/shop")
    let held = try platform.muster("reconcile")
    #expect(held.code == 3 && held.output.contains("secret-lost/shop"), "\(held)")
    let again = try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: "one")
    #expect(again.code == 0 && again.output.contains(": v2"), "\(again)")
  }

  @Test func `of a bad file nothing is taken, and each bad line has its number`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let file = "GOOD=1\n\(Canary.text) no equals\nBAD NAME=\(Canary.text)\n"
    let refused = try platform.muster("secrets", "import", "shop", "-", input: file)
    #expect(refused.code == 1, "\(refused)")
    #expect(refused.errors.contains("standard input:2: "), "\(refused)")
    #expect(refused.errors.contains("standard input:3: "), "\(refused)")
    #expect(!refused.text.contains(Canary.text))
    #expect(try platform.muster("secrets").output.contains("GOOD") == false)
  }

  @Test func `a value on the command line is refused and not repeated`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    for words in [
      ["set", "shop", "STRIPE_KEY", Canary.text], ["set", "STRIPE_KEY=\(Canary.text)"],
      ["set", "-a", "shop", "STRIPE_KEY", Canary.text], ["rotate", "A=\(Canary.text)"],
    ] {
      let answer = try MusterProgram.run(
        MusterProgram.path, ["secrets"] + words, platform.variables, in: platform.folder)
      #expect(answer.code == 64, "\(answer)")
      #expect(!answer.text.contains(Canary.text), "\(words)")
    }
    let typo = try platform.muster("secrets", "set", "shpo", "STRIPE_KEY", input: Canary.text)
    #expect(typo.code == 1 && typo.errors.contains("there are: shop"), "\(typo)")
  }

  @Test func `a value is in no output and in no file but its own`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let canary = Canary(platform)
    canary.expect(
      try platform.muster("secrets", "set", "shop", "STRIPE_KEY", "-v", input: canary[1]))
    try platform.converge()
    canary.expect(
      try platform.muster("secrets", "rotate", "shop", "STRIPE_KEY", "-v", input: canary[2]))
    canary.expect(
      try platform.muster(
        "secrets", "import", "shop", "--format", "json", input: "STRIPE_KEY=\(canary[3])\nB=x"))
    try platform.write("{\"STRIPE_KEY\": \"\(canary[4])\"}", to: "../config.json")
    canary.expect(
      try platform.muster("secrets", "import", "shop", platform.folder + "/config.json", "-v"))
    canary.expect(try platform.muster("secrets", "set", "STRIPE_KEY", input: canary[5]))
    try FileManager.default.removeItem(atPath: platform.folder + "/config.json")
    canary.expect(
      try platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: canary[6] + "\u{0}"), 1)
    let listed = [
      ["secrets"], ["secrets", "shop"], ["config"], ["plan"], ["status"], ["ps"], ["holds"],
      ["reconcile"], ["validate", platform.repository], ["diff", "HEAD", "--exit-zero"], ["logs"],
    ]
    for command in listed {
      for options in [[], ["--format", "json"], ["-v"]] {
        if options == ["-v"], ["validate", "diff"].contains(command[0]) { continue }
        canary.expect(
          try MusterProgram.run(
            MusterProgram.path, command + options, platform.variables, in: platform.repository))
      }
    }
    #expect(
      canary.filesWithIt.allSatisfy { $0.hasPrefix("state/secrets/_") }, "\(canary.filesWithIt)")
    #expect(!canary.filesWithIt.isEmpty, "the search finds what is there")
    let shown = try platform.muster("config", "--shell", "--reveal")
    #expect(shown.output.contains(canary[4]), "\(shown)")
    #expect(canary.filesWithIt.allSatisfy { $0.hasPrefix("state/secrets/_") })
  }
}

/// Values that must never be seen.
struct Canary {
  static let text = "canary-5up3r-53cr3t"

  let platform: PlatformFixture

  init(_ platform: PlatformFixture) { self.platform = platform }

  /// One value of many.
  subscript(number: Int) -> String { "\(Self.text)-\(number)" }

  /// Expects that a run went as told and shows no value.
  func expect(
    _ answer: MusterProgram.Answer, _ code: Int32 = 0, location: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.code == code, "\(answer)", sourceLocation: location)
    #expect(!answer.text.contains(Self.text), sourceLocation: location)
  }

  /// Files of the platform's folder that hold a value, by their paths in it.
  var filesWithIt: [String] {
    let wanted = Data(Self.text.utf8)
    let names = FileManager.default.enumerator(atPath: platform.folder)?.allObjects ?? []
    return names.compactMap { $0 as? String }.filter { name in
      let content = FileManager.default.contents(atPath: "\(platform.folder)/\(name)")
      return content?.range(of: wanted) != nil
    }
  }
}
