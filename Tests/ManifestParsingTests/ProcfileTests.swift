// Procfiles as people write them. One line per case: the bytes, what is read (`web=command`,
// joined by `; `) and the diagnostics (`severity code line:column`).

import FormationModel
import ManifestParsing
import Testing

@Suite struct ProcfileTests {
  private func entries(_ text: String) -> String {
    Procfile.read(Array(text.utf8), file: "Procfile").entries
      .map { "\($0.type)=\($0.command)" }.joined(separator: "; ")
  }

  private func diagnostics(_ bytes: [UInt8]) -> String {
    Procfile.read(bytes, file: "Procfile").diagnostics
      .map { "\($0.severity) \($0.code) \($0.mark?.line ?? 0):\($0.mark?.column ?? 0)" }
      .joined(separator: "; ")
  }

  @Test(arguments: [
    ("web: bin/web\n", "web=bin/web"),
    ("web: bin/web", "web=bin/web"),
    ("web: a\nworker: b\n", "web=a; worker=b"),
    ("web: a\r\nworker: b\r\n", "web=a; worker=b"),
    ("web: a\rworker: b", "web=a; worker=b"),
    ("\u{FEFF}web: a\n", "web=a"),
    ("  web: a\n\tworker:\tb\n", "web=a; worker=b"),
    ("web:      a   b  \t\n", "web=a   b"),
    ("# comment\n\n   # indented\n#web: no\nweb: a\n", "web=a"),
    ("web: a # not a comment\n", "web=a # not a comment"),
    ("web: a#b --x='#c'\n", "web=a#b --x='#c'"),
    (
      "web: FOO=1 a -p $PORT ${X:-y} | tee b && c; d & wait\n",
      "web=FOO=1 a -p $PORT ${X:-y} | tee b && c; d & wait"
    ),
    ("web: a: b\n", "web=a: b"),
    ("web: echo \"x (y)! z: $P\"\n", "web=echo \"x (y)! z: $P\""),
    (
      "Web_2: a\nworker-beat: b\n3d: c\n_x: d\n-y: e\n",
      "Web_2=a; worker-beat=b; 3d=c; _x=d; -y=e"
    ),
    ("release: a\nweb: b\n", "release=a; web=b"),
    ("web: программа — ü\n", "web=программа — ü"),
    ("web: a\\\\\n", "web=a\\\\"),
  ])
  func `reads what Heroku reads, without a word`(text: String, expected: String) {
    #expect(entries(text) == expected)
    #expect(diagnostics(Array(text.utf8)) == "")
  }

  @Test(arguments: [
    ("web:a\n", "web=a", "warning no-space-after-colon 1:1"),
    ("web : a\n", "web=a", "warning space-before-colon 1:1"),
    ("web: a\nweb: b\n", "web=b", "warning duplicate-process-type 1:1"),
    (
      "web: a\nx: c\nweb: b\nweb: d\n", "x=c; web=d",
      "warning duplicate-process-type 1:1; warning duplicate-process-type 3:1"
    ),
    ("web: a\nWEB: b\n", "web=a; WEB=b", ""),
    ("web: a\nworker:\n", "web=a", "warning empty-command 2:1"),
    ("worker:\n\nweb: a\n", "web=a", "warning empty-command 1:1"),
    ("web: a\nworker b\n", "web=a", "warning ignored-line 2:1"),
    ("web: a\n  // worker: b\n", "web=a", "warning ignored-line 2:3"),
    ("web: a\n'worker': b\n", "web=a", "warning ignored-line 2:1"),
    ("web: a\nmy.worker: b\n", "web=a", "warning ignored-line 2:1"),
    ("web: a\n==========\n", "web=a", "warning ignored-line 2:1"),
    ("web: a %PORT%\n", "web=a %PORT%", "warning windows-variable 1:1"),
    ("web: a %h 50% b %\n", "web=a %h 50% b %", ""),
    ("web: a\u{A0}b\n", "web=a\u{A0}b", "warning look-alike 1:1"),
    ("web: a \\\nworker: b\n", "web=a \\; worker=b", "warning trailing-backslash 1:1"),
    ("", "", "warning empty-procfile 1:1"),
    ("\n# web: a\n \n", "", "warning empty-procfile 1:1"),
  ])
  func `warns where Heroku would read otherwise or nothing`(
    text: String, expected: String, warnings: String
  ) {
    #expect(entries(text) == expected)
    #expect(diagnostics(Array(text.utf8)) == warnings)
  }

  @Test(arguments: [
    (
      "<<<<<<< HEAD\nweb: a\n=======\nweb: b\n>>>>>>> topic\n",
      "error conflict-marker 1:1; warning ignored-line 3:1"
    ),
    ("bin/web\n", "warning ignored-line 1:1; error no-process-types 1:1"),
    ("{\"web\": \"a\"}", "warning ignored-line 1:1; error no-process-types 1:1"),
    ("- web: a\n", "warning ignored-line 1:1; error no-process-types 1:1"),
    ("web: a\nworker: |\n  b\n  c\n", "error multi-line-command 2:1"),
    (
      "web:\n  command: a\nworker:\n  b\n",
      "error multi-line-command 1:1; error multi-line-command 3:1"
    ),
    ("web: a \\\n  --b\nworker: c\n", "error multi-line-command 1:1"),
    ("web: a\nworker: b\u{1B}[0m\n", "error control-character 2:10"),
    ("web: a\u{202E}\n", "error control-character 1:7"),
    ("web:\u{0}a b", "error control-character 1:5"),
  ])
  func `refuses what cannot be meant`(text: String, errors: String) {
    #expect(diagnostics(Array(text.utf8)) == errors)
  }

  @Test(arguments: [
    ("worker: |\n  b\n  c\n", "write it on one line: `worker: b && c`"),
    ("web:\n  command: a\n  noservice: true\n", "write it on one line: `web: a`"),
    ("web: a \\\n  --b \\\n  --c\n", "write it on one line: `web: a --b --c`"),
    ("web:\nrun\nmy:app\n--x\n", "write it on one line: `web: run my:app --x`"),
    ("web : a", "write `web: a`"),
  ])
  func `writes the line that was meant`(text: String, fix: String) {
    #expect(Procfile.read(Array(text.utf8), file: "Procfile").diagnostics.first?.fix == fix)
  }

  @Test func `every warning quotes its line`() {
    let text = "web:a\nb : c\nd e\n// f\ng:\n\n"
    let messages = Procfile.read(Array(text.utf8), file: "Procfile").diagnostics.map(\.message)
    #expect(messages.count == 5)
    for (line, message) in zip(text.split(separator: "\n"), messages) {
      #expect(message.contains("`\(line)`"))
    }
  }

  @Test func `a duplicate points at the command that counts`() {
    let read = Procfile.read(Array("web: a\nweb: b\n".utf8), file: "apps/x/Procfile", app: "x")
    #expect(read.diagnostics.first?.related.first?.mark.description == "apps/x/Procfile:2:1")
    #expect(read.diagnostics.first?.app == "x")
    #expect(read.entries.first?.mark.description == "apps/x/Procfile:2:1")
  }

  @Test func `reads UTF-16 in both orders, with a warning`() {
    let units = Array("web: ü😀\r\nworker: b".utf16)
    let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    for bytes in [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big] {
      let read = Procfile.read(bytes, file: "Procfile")
      #expect(read.entries.map(\.command) == ["ü😀", "b"])
      #expect(read.diagnostics.map(\.code) == ["utf-16"])
    }
  }

  @Test func `other encodings are refused in a command and passed over in a comment`() {
    let comment = Array("# Configura".utf8) + [0xE7, 0xE3] + Array("o\nweb: a\n".utf8)
    #expect(diagnostics(comment) == "")
    #expect(diagnostics(Array("web: caf".utf8) + [0xE9]) == "error invalid-utf8 1:9")
  }

  @Test func `says no more than a person can read`() {
    let many = String(repeating: "no type\n", count: 5_000)
    #expect(Procfile.read(Array(many.utf8), file: "Procfile").diagnostics.count == 101)
    #expect(diagnostics([UInt8](repeating: 0x61, count: 2 << 20)) == "error too-large 1:1")
  }
}
