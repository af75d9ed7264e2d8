// Clauses on what a dyno's command finds: environment, files, output. For runtimes that run
// commands.

import Effects
import FormationModel
import Testing

extension RuntimeContract {
  private static let odd = [
    "SPACES": "  two  words ", "QUOTES": #"it's "quoted" \ and $HOME `id` $(id)"#,
    "LINES": "first\nsecond\n\nlast\n", "EQUALS": "a=b=c", "UNICODE": "grüße 🐎 \u{202E}",
    "EMPTY": "", "LONG": String(repeating: "0123456789", count: 1000), "TAB": "a\tb\r\u{7F}\u{1}",
  ]

  static let commands = [
    ContractClause("config vars arrive exactly", needsCommands: true) { world in
      let names = odd.keys.sorted()
      let prints = names.map { #"printf '%s' "$\#($0)" | base64 | tr -d '\n'; echo"# }
      let command = prints.joined(separator: "; ")
      try await world.run(world.id(), command: command, config: odd)
      let lines = try await world.output(names.count)
      let expected = names.map { base64(odd[$0] ?? "") }
      #expect(lines == expected)
    },
    ContractClause("DYNO, PORT and the platform's variables are set", needsCommands: true) {
      world in
      let command = #"echo "$DYNO $PORT $HOME $PWD $MUSTER_APP $MUSTER_RELEASE $(hostname)""#
      let config = ["DYNO": "mine", "PORT": "1"]
      try await world.run(world.id(.web, 3), command: command, config: config)
      let expected = "web.3 8080 /app /app contract v7 web.3"
      #expect(try await world.output(1) == [expected])
    },
    ContractClause("only dynos with a port get PORT", needsCommands: true) { world in
      let worker = try #require(ProcessType(rawValue: "worker"))
      let command = #"echo "[${PORT-none}]""#
      try await world.run(world.id(worker, 1), command: command)
      #expect(try await world.output(1) == ["[none]"])
      try await world.run(world.id(worker, 2), command: command, tcpPort: 6000)
      #expect(try await world.output(2).sorted() == ["[6000]", "[none]"])
    },
    ContractClause("the slug is in /app, and a dyno's files are its own", needsCommands: true) {
      world in
      let command =
        "cat hello.txt; test -e made || echo fresh; echo x >made; echo y >/tmp/made; ls made"
      for attempt in 1...2 {
        try await world.run(world.id(attempt: attempt), command: command)
        _ = try await world.exit(world.id(attempt: attempt))
      }
      let lines = try await world.output(6)
      #expect(lines == ["hello", "fresh", "made", "hello", "fresh", "made"])
    },
    ContractClause("a command that is not there ends with 127", needsCommands: true) { world in
      let id = try world.id()
      try await world.run(id, command: "no-such-program --flag")
      #expect(try await world.exit(id).code == 127)
      #expect(try await world.output(1).joined().contains("no-such-program"))
    },
    ContractClause(".profile is sourced before the command", needsCommands: true) { world in
      var world = world
      world.slug.files = [".profile": "export GREETING=\"from $DYNO\"\n"]
      try await world.run(world.id(), command: #"echo "$GREETING""#)
      #expect(try await world.output(1) == ["from web.1"])
    },
  ]

  private static func base64(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var digits = ""
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0...3 {
        digits.append(place <= group.count ? alphabet[number >> (18 - 6 * place) & 63] : "=")
      }
    }
    return digits
  }
}
