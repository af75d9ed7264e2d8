// The benchmarks: `./dev bench [NAME…] [--busy]`; `router` names all rows about it. One line a row;
// exit code 0 when every goal is met, 1 when one is missed, 2 when the machine cannot tell.
// `--busy` prints what a busy machine says, and marks it.

import Foundation

/// What is measured in one go, with the names of the rows that come out of it.
let measurements: [(rows: [String], measure: () async throws -> [Row])] =
  [
    (["read"], ReadingRows.everything), (["read-one"], ReadingRows.oneChanged),
    (["pass", "plan"], PassRows.unchanged), (["start-50", "floor"], StartRows.fifty),
  ] + RouterRows.measurements
let names = measurements.flatMap(\.rows)

let allowsBusy = CommandLine.arguments.contains("--busy")
let wanted = CommandLine.arguments.dropFirst().filter { $0 != "--busy" }
  .flatMap { $0 == "router" ? RouterRows.measurements.flatMap(\.rows) : [$0] }
let unknown = wanted.filter { !names.contains($0) }
guard unknown.isEmpty else {
  print("there is no row \(unknown.joined(separator: ", "))")
  print("there are: \(names.joined(separator: ", "))")
  exit(64)
}

let busy = Machine.doubt
if let busy, !allowsBusy {
  print("refused: \(busy); --busy measures all the same")
  exit(2)
}

var status: Int32 = 0
print(Row.heading)
for measurement in measurements {
  let shown = measurement.rows.filter { wanted.isEmpty || wanted.contains($0) }
  if shown.isEmpty { continue }
  do {
    for result in try await measurement.measure() where shown.contains(result.name) {
      let doubts = result.doubts + (busy.map { [$0] } ?? [])
      if !doubts.isEmpty { status = 2 }
      if let doubt = doubts.first, !allowsBusy {
        print("\(result.name.padded(to: 17))refused: \(doubt)")
        continue
      }
      print(result.line(marked: !doubts.isEmpty))
      if result.isMet == false { status = max(status, 1) }
    }
  } catch let refusal as Refusal {
    for name in shown { print("\(name.padded(to: 17))refused: \(refusal.reason)") }
    status = 2
  }
}
exit(status)
