// muster diff: what merging HEAD into BASE changes. Needs nothing but the repository.

import ArgumentParser
import ControlLoop
import Effects
import FormationModel
import GitSource
import Planning
import Review

/// The forms that `diff` prints in.
enum DiffFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown
}

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what merging HEAD into BASE changes, and why. Needs no machine.",
    discussion: """
      Compares HEAD with the commit where it left BASE, as a pull request does. Which dynos start, \
      stop and are replaced is the planner's own answer for a machine on which BASE has converged. \
      Exit codes: 0 nothing changes; 1 something does; 2 it could not be found out.
      """)

  @Argument(help: "What to merge into: a branch, a tag, a commit.")
  var base: String

  @Argument(help: "What to merge. Default: HEAD.")
  var head: String?

  @OptionGroup var options: CommonOptions

  @Flag(help: "Compare both commits as they are, also where BASE has moved on.")
  var trees = false

  @Flag(help: "Compare the files on disk, committed or not, with BASE.")
  var worktree = false

  @Flag(help: "Compare what is staged with BASE.")
  var staged = false

  @Flag(help: "Read other repositories as well: asks the network, keeps nothing.")
  var fetch = false

  @Flag(help: "Exit with 0 also when something changes.")
  var exitZero = false

  @Option(help: "How to print: text, json, or markdown for a pull request's comment.")
  var format: DiffFormat?

  func validate() throws {
    guard [trees, worktree, staged].filter({ $0 }).count <= 1 else {
      throw ValidationError("--trees, --worktree and --staged exclude one another.")
    }
    guard head == nil || !(worktree || staged) else {
      throw ValidationError("HEAD and --\(staged ? "staged" : "worktree") exclude one another.")
    }
  }

  func run() async throws {
    let settings = try options.settings()
    let format = try Settings.format(self.format, default: .text)
    let isRemote = settings.repository?.contains("://") ?? false
    let mirrors = isRemote || fetch ? try MirrorFolder() : nil
    defer { mirrors?.remove() }
    if isRemote, head == nil {
      throw CommandFailure(
        .usage, "what to merge into \(base.escapingControls)?",
        fix: "name it: muster diff \(base.escapingControls) HEAD; nothing is checked out there")
    }
    let source = try settings.source(
      mirrors: mirrors?.path, others: fetch ? .all : .inPlace)
    let diff = try await compare(source)
    let provenance = await provenance(of: diff, source)
    switch format {
    case .text:
      var text = DiffText()
      text.style = Terminal.style
      text.provenance = provenance
      Terminal.write(text.render(diff))
    case .json: Terminal.write(DiffJSON.document(diff).document)
    case .markdown: Terminal.write(DiffMarkdown(provenance: provenance).render(diff))
    }
    if !diff.isEmpty, !exitZero {
      mirrors?.remove()
      try end(.no)
    }
  }

  private func compare(_ source: GitFormationSource) async throws -> FormationDiff {
    let other = head ?? "HEAD"
    var from = base
    if !trees {
      do throws(SourceProblem) {
        from = try await source.mergeBase(of: base, and: other)
      } catch {
        throw CommandFailure(error)
      }
    }
    var resolver = Composition.reviewResolver()
    let before = await resolver.resolve(try formation(await source.formation(at: from)))
    let reading =
      worktree
      ? await source.worktreeFormation()
      : staged ? await source.stagedFormation() : await source.formation(at: other)
    let after = await resolver.resolve(try formation(reading))
    return FormationDiff(base: before, head: after)
  }

  private func formation(_ reading: SourceReading) throws -> SourcedFormation {
    switch reading {
    case .formation(let sourced): return sourced
    case .problem(let problem):
      if !problem.diagnostics.isEmpty {
        Terminal.complain(DiagnosticText().render(problem.diagnostics))
      }
      throw CommandFailure(problem)
    }
  }

  /// The newest commit of HEAD behind each file that the diff cites.
  private func provenance(
    of diff: FormationDiff, _ source: GitFormationSource
  ) async -> Provenance {
    var found = Provenance()
    guard let head = diff.head else { return found }
    for app in diff.apps {
      let marks =
        app.changes.compactMap { $0.because?.mark } + app.settings.compactMap(\.mark)
      for file in Set(marks.map(\.file)).sorted()
      where found.commit(behind: file, of: app.name) == nil {
        let isElsewhere = Provenance.isElsewhere(file, app.source)
        guard let revision = isElsewhere ? app.sourceHead : head else { continue }
        let commit = await source.newestCommit(
          touching: file, of: isElsewhere ? app.source : nil, in: revision,
          since: isElsewhere ? app.sourceBase : diff.base)
        if let commit { found.note(commit, behind: file, of: app.name, app.source) }
      }
    }
    return found
  }
}
