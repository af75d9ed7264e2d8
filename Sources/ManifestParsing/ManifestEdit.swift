// `muster set` as a value: assignments in, the app.yaml that says them out, judged as a commit is.
// Nothing is written here.

package import FormationModel
import YAMLReading

/// `formation.web.quantity=3`, taken apart.
package struct FieldAssignment: Hashable, Sendable {
  /// The keys from the root of app.yaml.
  package let path: [String]
  /// The value as it was typed.
  package let text: String

  /// Reads `KEY=VALUE`, KEY with dots between its parts; nil when it is not of that form.
  package init?(_ words: String) {
    guard let equals = words.firstIndex(of: "=") else { return nil }
    let path = words[..<equals].split(separator: ".", omittingEmptySubsequences: false)
    guard !path.isEmpty, path.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.path = path.map(String.init)
    text = String(words[words.index(after: equals)...])
  }

  /// The field as messages name it.
  package var field: FieldPath { FieldPath(path.joined(separator: ".")) }

  /// Config vars are text whatever they look like.
  var meaning: ScalarMeaning {
    let keys = path.first == "environments" ? Array(path.dropFirst(2)) : path
    guard keys.first == "env" else { return .value }
    return keys.count == 2 || (keys.count == 3 && keys[2] == "value") ? .text : .value
  }
}

/// A field that was set.
package struct FieldSet: Hashable, Sendable {
  /// The field; `from` is empty when nothing was there. Of config vars only `unset` and `set`.
  package let change: FieldChange
  /// The line of app.yaml where it stands now.
  package let line: Int
}

/// What assignments make of an app's app.yaml.
package struct EditedManifest: Hashable, Sendable {
  /// The file, from the tree's root.
  package let file: String
  /// Its bytes before; nil when there was none.
  package let before: [UInt8]?
  /// Its bytes now.
  package let after: [UInt8]
  /// What was set; fields that said so already are not in it.
  package let fields: [FieldSet]
  /// Why it must not be written: refused edits, or what would not be valid. Empty: it may be.
  package let problems: [Diagnostic]
}

/// Edits the app.yaml of one app.
package struct ManifestEditor {
  private let catalog: Catalog
  private let options: ReadingOptions

  /// Makes an editor; the options are those that the tree is read with.
  package init(catalog: Catalog, options: ReadingOptions) {
    self.catalog = catalog
    self.options = options
  }

  /// The apps of a tree with their folders, valid or not, and what is wrong with the platform.
  package func apps(
    in tree: some ManifestTree
  ) throws(TreeProblem) -> (folders: [AppName: String], formation: DesiredFormation) {
    var reader = FormationReader(catalog: catalog, options: options)
    let formation = try reader.read(tree, revision: nil)
    let found =
      formation.apps.map { ($0.name, $0.folder) } + formation.rejected.map { ($0.name, $0.folder) }
    return (Dictionary(found) { first, _ in first }, formation)
  }

  /// The manifest of the app in a folder, with the assignments made one after the other.
  package func edit(
    _ folder: String, _ assignments: [FieldAssignment], in tree: some ManifestTree
  ) throws(TreeProblem) -> EditedManifest {
    let file = RepositoryPath.join(folder, "app.yaml")
    let entries = try tree.entries(of: folder) ?? []
    if let entry = entries.first(where: { $0.name == "app.yaml" }), entry.kind != .file {
      throw TreeProblem("it is not a plain file", path: file)
    }
    let before = try tree.contents(of: file)
    var bytes = before ?? []
    var made: [(assignment: FieldAssignment, before: String?)] = []
    for assignment in assignments {
      let edit = edit(assignment)
      do throws(ReadingProblem) {
        let result = try edit.applied(to: bytes)
        if result.bytes != bytes { made.append((assignment, result.before)) }
        bytes = result.bytes
      } catch {
        return EditedManifest(
          file: file, before: before, after: before ?? [], fields: [],
          problems: [Self.diagnostic(error, file)])
      }
    }
    let problems = try problems(
      of: EditedTree(base: tree, file: file, bytes: bytes), file: file, before: tree)
    // Where they stand is known at the end: a later one may have moved an earlier one.
    let root = try? YAMLReader.read(bytes).first
    let fields = made.map { made in
      Self.field(made.assignment, before: made.before, line: root?[made.assignment.path]?.mark.line)
    }
    return EditedManifest(
      file: file, before: before, after: bytes, fields: fields, problems: problems)
  }

  private func edit(_ assignment: FieldAssignment) -> YAMLEdit {
    var edit = YAMLEdit(
      assignment.path, to: YAMLEdit.value(assignment.text, as: assignment.meaning))
    edit.keyOrder = { path in
      path.isEmpty || (path.count == 2 && path[0] == "environments") ? AppKeys.top.keys : []
    }
    return edit
  }

  private static func field(
    _ assignment: FieldAssignment, before: String?, line: Int?
  ) -> FieldSet {
    let isConfig = assignment.path.contains("env")
    let from = isConfig ? (before == nil ? "unset" : "set") : before ?? ""
    let change = FieldChange(assignment.field, from: from, to: isConfig ? "set" : assignment.text)
    return FieldSet(change: change, line: line ?? 1)
  }

  private static func diagnostic(_ problem: ReadingProblem, _ file: String) -> Diagnostic {
    Diagnostic(
      .error, problem.code, at: SourceMark(problem.mark, file: file), app: nil, problem.message,
      fix: problem.fix)
  }

  /// Errors of the edited file, and errors elsewhere that were not there before.
  private func problems(
    of edited: some ManifestTree, file: String, before tree: some ManifestTree
  ) throws(TreeProblem) -> [Diagnostic] {
    var reader = FormationReader(catalog: catalog, options: options)
    let old = Set(try reader.read(tree, revision: nil).diagnostics.map(Complaint.init))
    var second = FormationReader(catalog: catalog, options: options)
    let formation = try second.read(edited, revision: nil)
    let folder = file.split(separator: "/").dropLast().joined(separator: "/")
    let owners = Set(
      formation.rejected.filter { $0.folder == folder }.map(\.name.rawValue))
    return formation.diagnostics.filter { one in
      guard one.severity == .error else { return false }
      return one.mark?.file == file || one.app.map(owners.contains) ?? false
        || !old.contains(Complaint(one))
    }
  }

  /// A diagnostic without the places that an edit moves.
  private struct Complaint: Hashable {
    let code: String
    let mark: SourceMark?
    let message: String

    init(_ diagnostic: Diagnostic) {
      code = diagnostic.code
      mark = diagnostic.mark
      message = diagnostic.message
    }
  }
}

/// A tree in which one file has other bytes.
private struct EditedTree<Base: ManifestTree>: ManifestTree {
  let base: Base
  let file: String
  let bytes: [UInt8]

  func entries(of folder: String) throws(TreeProblem) -> [TreeEntry]? {
    guard var entries = try base.entries(of: folder) else { return nil }
    let name = RepositoryPath.lastPart(file)
    guard RepositoryPath.join(folder, name) == file else { return entries }
    entries.removeAll { $0.name == name }
    entries.append(TreeEntry(name: name, kind: .file, bytes: bytes.count))
    return entries.sorted { $0.name < $1.name }
  }

  func contents(of path: String) throws(TreeProblem) -> [UInt8]? {
    path == file ? bytes : try base.contents(of: path)
  }

  func identity(of folder: String) throws(TreeProblem) -> String? { nil }
}
