// Diagnostics in each of their forms, and what a quoted line never shows.

import FormationModel
import Review
import Testing

@Suite struct `Diagnostics` {
  private static let source = """
    formation:
    \tweb: {quantity: tow}
    env:
      STRIPE_KEY: \(canary)
      NOTE: |
        \(canary)
    evn: {A: \(canary)}
    environments:
      staging:
        formation: {web: {quantity: 2}}
        env: {A: \(canary)}
    slug: {repository: "https://ada:\(canary)@git.example/x"}
    """

  private func quote(line: Int, column: Int = 3, file: String = "app.yaml") -> [String] {
    let mark = SourceMark(file: file, line: line, column: column)
    let text = DiagnosticText(sources: [file: Self.source])
    return Array(text.lines(Diagnostic(.error, "code", at: mark, "words")).dropFirst())
  }

  @Test func `read as place, line, caret, fix and the other places`() {
    let mark = SourceMark(file: "app.yaml", line: 2, column: 18)
    let other = Diagnostic.Related(
      mark: SourceMark(file: "Procfile", line: 1, column: 1), message: "first defined here")
    let diagnostic = Diagnostic(
      .error, "wrong-type", at: mark, app: "shop", "quantity is not a number",
      fix: "write a number", related: [other])
    let text = DiagnosticText(sources: ["app.yaml": Self.source, "Procfile": "web: run\r\n"])
    #expect(
      text.render([diagnostic]) == """
        app.yaml:2:18: error[wrong-type]: quantity is not a number
          2 | \tweb: {quantity: tow}
            | \t                ^
          fix: write a number
          Procfile:1:1: first defined here
          1 | web: run
            | ^

        1 error

        """)
  }

  @Test func `never quote what may be a config var's value`() {
    for line in 1...12 {
      #expect(!quote(line: line).joined().contains(canary), "line \(line)")
    }
    #expect(quote(line: 4, column: 15) == ["  4 |   STRIPE_KEY:…", "    |              ^"])
    #expect(quote(line: 7) == ["  7 | evn:…", "    |   ^"])
    #expect(quote(line: 10).first == "  10 |     formation: {web: {quantity: 2}}")
  }

  @Test func `never quote a value of app.json either`() {
    let source = """
      {
        "formation": {"web": {"quantity": "x"}},
        "env": {
          "KEY": {"value": "\(canary)"},
          "formation": "\(canary)"
        }, "stack": "nope"
      }
      """
    func quote(_ line: Int) -> String {
      let mark = SourceMark(file: "app.json", line: line, column: 5)
      return DiagnosticText(sources: ["app.json": source])
        .lines(Diagnostic(.error, "code", at: mark, "words")).joined()
    }
    for line in 1...7 { #expect(!quote(line).contains(canary), "line \(line)") }
    #expect(quote(2).contains(#""quantity": "x""#))
  }

  @Test func `of places that are not there quote nothing`() {
    #expect(quote(line: 0).isEmpty)
    #expect(quote(line: 99).isEmpty)
    #expect(quote(line: 1, column: Int.max).count == 2)
    #expect(quote(line: 1, column: -5).count == 2)
  }

  @Test func `become annotations, errors first, everything escaped`() {
    let note = Diagnostic(.note, "lenient", at: nil, "50% taken,\nrest not")
    let mark = SourceMark(file: "a,b:c.yaml", line: 1, column: 2)
    let error = Diagnostic(.error, "bad", at: mark, "no", fix: "yes")
    #expect(
      DiagnosticGitHub.render([note, error]) == """
        ::error file=a%2Cb%3Ac.yaml,line=1,col=2,title=bad::no%0Ayes
        ::notice title=lenient::50%25 taken,%0Arest not

        """)
  }

  @Test func `become SARIF with rules, levels and encoded paths`() {
    let mark = SourceMark(file: "apps/ü x/app.yaml", line: 1, column: 2)
    let line = DiagnosticSARIF.document([Diagnostic(.warning, "odd", at: mark, "hm")]).line
    #expect(line.contains(#""version":"2.1.0""#))
    #expect(line.contains(#""rules":[{"id":"odd"}]"#))
    #expect(line.contains(#""uri":"apps/%C3%BC%20x/app.yaml""#))
    #expect(line.contains(#""region":{"startLine":1,"startColumn":2}"#))
  }

  @Test func `become JSON beside the apps`() throws {
    var shop = DesiredApp(name: try app("shop"), folder: "apps/shop", stack: try name("busybox"))
    shop.processes = [
      DesiredProcess(
        type: try type("web"), command: "run \"it\"", quantity: 2, size: try name("standard-1x"))
    ]
    let formation = DesiredFormation(
      revision: nil, apps: [shop], platform: Platform(catalog: Catalog()),
      diagnostics: [Diagnostic(.note, "lenient", at: nil, app: "shop", "so")])
    #expect(
      DiagnosticJSON.document(formation).line
        == #"{"format":1,"apps":[{"name":"shop","processes":[{"type":"web","#
        + #""command":"run \"it\"","quantity":2,"size":"standard-1x"}]}],"#
        + #""diagnostics":[{"severity":"note","code":"lenient","app":"shop","source":null,"#
        + #""file":null,"line":null,"column":null,"message":"so","fix":null,"related":[]}]}"#)
  }
}
