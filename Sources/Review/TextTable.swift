// Aligned columns. Widths are counted in characters.

/// Rows of cells, printed with the columns aligned and two spaces between them.
struct TextTable {
  /// One cell: its text and how it is dressed.
  struct Cell {
    let text: String
    let role: TextStyle.Role?

    init(_ text: String, _ role: TextStyle.Role? = nil) {
      self.text = text.escapingControls
      self.role = role
    }
  }

  private var rows: [[Cell]] = []
  /// Written before every row.
  var indent = ""

  /// Adds a row; missing cells at its end are empty.
  mutating func add(_ cells: [Cell]) { rows.append(cells) }

  /// The lines; a column that is empty in all rows is left out.
  func lines(_ style: TextStyle) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].text.count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = indent
      for (column, cell) in row.enumerated() where widths[column] > 0 {
        let dressed = cell.role.map { style(cell.text, $0) } ?? cell.text
        line += dressed + String(repeating: " ", count: widths[column] - cell.text.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
