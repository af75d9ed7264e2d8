// The benchmarks: `./dev bench [NAME]`. One line a row; exit code 0 when every goal is met, 1 when one
// is missed, 2 when the machine cannot tell.

import Foundation

let rows: [(name: String, measure: () async throws -> Row)] = [
  ("read", ReadingRows.everything), ("read-again", ReadingRows.oneChanged),
  ("pass", PassRows.unchanged), ("start", StartRows.fifty),
]

let wanted = CommandLine.arguments.dropFirst()
let unknown = wanted.filter { name in !rows.contains { $0.name == name } }
guard unknown.isEmpty else {
  print("there is no row \(unknown.joined(separator: ", "))")
  print("there are: \(rows.map(\.name).joined(separator: ", "))")
  exit(64)
}

var status: Int32 = 0
print(Row.heading)
for row in rows where wanted.isEmpty || wanted.contains(row.name) {
  do {
    let result = try await row.measure()
    print(result.line)
    if !result.isMet { status = max(status, 1) }
  } catch let refusal as Refusal {
    print("\(row.name.padded(to: 14))refused: \(refusal.reason)")
    status = 2
  }
}
exit(status)
