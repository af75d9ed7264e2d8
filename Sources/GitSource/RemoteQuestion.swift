// What one remote repository is asked in one reading, and its answer. Questions to several are
// asked at the same time, up to a number: git children cost memory.

import Effects
import FormationModel

/// A question to one remote.
struct RemoteQuestion: Sendable {
  /// The repository's name among the sources; nil: the platform's own.
  let name: String?
  /// What is asked for.
  let sources: [AppSource]
  let transport: GitTransport
  /// What the remote has, by source.
  private(set) var refs: [AppSource: GitTransport.RemoteRef] = [:]
  /// Why there is nothing, by source.
  private(set) var problems: [AppSource: SourceProblem] = [:]
  /// Refs of which the mirror has another commit, or none.
  var moved: [GitTransport.RemoteRef] = []
  /// Whether the remote did not answer by its deadline.
  private(set) var tookTooLong = false

  init(name: String?, sources: [AppSource], transport: GitTransport) {
    self.name = name
    self.sources = sources
    self.transport = transport
  }

  /// The question with what the remote has under each ref: one `ls-remote`.
  func look() async -> RemoteQuestion {
    var answer = self
    var asked: [AppSource: GitRef?] = [:]
    for source in sources {
      do throws(SourceProblem) {
        asked[source] = .some(try source.gitRef)
      } catch {
        answer.problems[source] = error
      }
    }
    let began = ContinuousClock.now
    do throws(SourceProblem) {
      let found = try await transport.look(for: Array(Set(asked.values)))
      for (source, ref) in asked {
        switch found[ref] {
        case .success(let remote)?: answer.refs[source] = remote
        case .failure(let problem)?: answer.problems[source] = problem
        case nil: answer.problems[source] = SourceProblem(.unreachable, "it has no answer")
        }
      }
    } catch {
      for source in sources { answer.problems[source] = error }
      answer.tookTooLong = .now - began >= transport.deadline
    }
    return answer
  }

  /// The question after what moved was fetched: at once, or one by one when that does not work, so
  /// that a ref which vanished meanwhile spoils no other.
  func fetch() async -> RemoteQuestion {
    var answer = self
    do throws(SourceProblem) {
      try await transport.fetch(Array(Set(moved)))
    } catch {
      let isAlone = Set(moved).count < 2
      for (source, ref) in refs where moved.contains(ref) {
        answer.problems[source] = isAlone ? error : await fetchAlone(ref)
      }
    }
    return answer
  }

  private func fetchAlone(_ ref: GitTransport.RemoteRef) async -> SourceProblem? {
    do throws(SourceProblem) {
      try await transport.fetch(ref)
      return nil
    } catch {
      return error
    }
  }

  /// Asks several, at most so many at once.
  static func ask(
    _ questions: [RemoteQuestion], atOnce limit: Int,
    _ ask: @escaping @Sendable (RemoteQuestion) async -> RemoteQuestion
  ) async -> [RemoteQuestion] {
    await withTaskGroup(of: RemoteQuestion.self) { group in
      var waiting = questions[...]
      for question in waiting.prefix(limit) { group.addTask { await ask(question) } }
      waiting = waiting.dropFirst(limit)
      var answers: [RemoteQuestion] = []
      while let answer = await group.next() {
        answers.append(answer)
        if let question = waiting.popFirst() { group.addTask { await ask(question) } }
      }
      return answers
    }
  }
}
