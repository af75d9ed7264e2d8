// The benchmarks: `./dev bench [NAME…] [--busy]`. One line a row; exit code 0 when every goal is
// met, 1 when one is missed, 2 when the machine cannot tell. `--busy` prints what a busy machine
// says, and marks it.

import Foundation

let rows: [(name: String, measure: () async throws -> [Row])] = [
  ("read", ReadingRows.everything), ("read-one", ReadingRows.oneChanged),
  ("pass", PassRows.unchanged), ("start-50", StartRows.fifty),
]

let allowsBusy = CommandLine.arguments.contains("--busy")
let wanted = CommandLine.arguments.dropFirst().filter { $0 != "--busy" }
let unknown = wanted.filter { name in !rows.contains { $0.name == name } }
guard unknown.isEmpty else {
  print("there is no row \(unknown.joined(separator: ", "))")
  print("there are: \(rows.map(\.name).joined(separator: ", "))")
  exit(64)
}

let busy = Machine.doubt
if let busy, !allowsBusy {
  print("refused: \(busy); --busy measures all the same")
  exit(2)
}

var status: Int32 = 0
print(Row.heading)
for row in rows where wanted.isEmpty || wanted.contains(row.name) {
  do {
    for result in try await row.measure() {
      let doubts = result.doubts + (busy.map { [$0] } ?? [])
      if !doubts.isEmpty { status = 2 }
      if let doubt = doubts.first, !allowsBusy {
        print("\(result.name.padded(to: 13))refused: \(doubt)")
        continue
      }
      print(result.line(marked: !doubts.isEmpty))
      if result.isMet == false { status = max(status, 1) }
    }
  } catch let refusal as Refusal {
    print("\(row.name.padded(to: 13))refused: \(refusal.reason)")
    status = 2
  }
}
exit(status)
