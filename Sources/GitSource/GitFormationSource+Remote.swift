// Reading from a remote: one `ls-remote`, a fetch when something moved, then the mirror is read
// like any local repository. A mirror is only a copy: a damaged one is made anew.

import Effects
import FormationModel

extension GitFormationSource {
  func readRemote(
    _ ref: GitRef?, by transport: GitTransport, _ inForce: RevisionID?
  ) async throws(SourceProblem) -> SourcedFormation {
    let remote = try await transport.look(for: ref)
    do {
      return try await readMirror(remote, by: transport, inForce)
    } catch  where error.kind == .corrupt && renewedInVain != remote.id {
      renewedInVain = remote.id
      close()
      try await transport.renew(remote)
      let sourced = try await readMirror(remote, by: transport, inForce)
      renewedInVain = nil
      return sourced
    }
  }

  private func readMirror(
    _ remote: GitTransport.RemoteRef, by transport: GitTransport, _ inForce: RevisionID?
  ) async throws(SourceProblem) -> SourcedFormation {
    if try open().target(of: remote.tracked) != remote.id {
      try await transport.fetch(remote)
    }
    let objects = try open()
    guard let head = try objects.commit(named: remote.tracked) else {
      throw SourceProblem(
        .unreachable, "\(remote.name.printable) of \(address.description) was not fetched")
    }
    return try read(head, in: objects, inForce)
  }
}
