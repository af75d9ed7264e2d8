// Loads: a process with new files, in place of the one that listens.

import FormationModel
import Glibc

extension HAProxyRouter {
  /// Processes that may end what they have at a time, WebSockets above all; the oldest is ended
  /// when there are more.
  private static let predecessorLimit = 8
  /// How often the folders of certificates and pages are looked at, at most.
  private static let glance = Duration.seconds(3)

  /// Starts a process with these routes, or reloads; done when it listens. What the old one has
  /// under way it serves to its end.
  func load(_ entry: RouterEntry, _ apps: [AppName: AppRoutes]) async throws(EffectFailure) {
    if proxy?.hasEnded != false { adopt() }
    let folders = loadedFolders(of: entry)
    let generation = folder.generation((folder.generations().last?.number ?? 0) + 1)
    do throws(EffectFailure) {
      try write(generation, entry, apps, folders)
      collect()
      let farewell = lossConnection()
      try await launcher.start(
        generation, telling: (try? RequestPipe(folder.requests)) ?? .nowhere, replacing: proxy,
        certificates: folders.certificates)
      guard let started = ProxyProcess(generation) else {
        throw EffectFailure(
          "router-start", "HAProxy ended as soon as it had started", retry: .later)
      }
      if let farewell { farewells.append(farewell) }
      succeed(with: started)
    } catch {
      RouterFiles.remove(folder: generation.folder)
      if error.code == "bad-certificate" { refused = (folders.digest, error) }
      throw error
    }
    table = RouteTable(entry: entry, apps: apps)
    readAt = .now
    lookedAt = .now
    refused = nil
    leaving = [:]
  }

  private func write(
    _ generation: Generation, _ entry: RouterEntry, _ apps: [AppName: AppRoutes],
    _ folders: LoadedFolders
  ) throws(EffectFailure) {
    let files = try HAProxyConfiguration(
      entry, apps, on: .found(certificates: folders.certificates), pages: .found(in: pages),
      patience: patience, generation: generation, folder: folder
    ).files()
    try RouterFiles.makeFolder(generation.folder)
    try makeJail()
    for file in files { try RouterFiles.write(file.path, file.text.utf8) }
    try AppliedConfiguration(entry: entry, apps: apps, digest: folders.digest).write(generation)
  }

  private func succeed(with started: ProxyProcess) {
    if let proxy { predecessors.append(proxy) }
    hearPredecessors()
    predecessors.removeAll(where: \.hasEnded)
    while predecessors.count > Self.predecessorLimit { predecessors.removeFirst().end() }
    use(started)
    let kept = Set(predecessors.map(\.generation) + [started.generation])
    for generation in folder.generations() where !kept.contains(generation) {
      RouterFiles.remove(folder: generation.folder)
    }
  }

  private func loadedFolders(of entry: RouterEntry) -> LoadedFolders {
    let path = entry.certificates
    return LoadedFolders(
      certificates: path.hasPrefix("/") ? path : "\(stateFolder)/\(path)", pages: pages)
  }

  /// Reloads when certificates or pages are others, or the pipe is. What HAProxy refused once is
  /// not tried again until it is another.
  func reloadWhenFilesChanged() async {
    guard lookedAt.duration(to: .now) >= Self.glance, let table, let entry = table.entry else {
      return
    }
    lookedAt = .now
    let digest = loadedFolders(of: entry).digest
    let isOther = digest != applied?.digest && digest != refused?.digest
    guard isOther || proxy?.tells(another: folder.requests) == true else { return }
    do throws(EffectFailure) {
      try await load(entry, table.apps)
    } catch {
      refused = (digest, error)
    }
  }
}

extension RouterFolder {
  /// Loads that left files, the oldest first.
  func generations() -> [Generation] {
    RouterFiles.names(in: run).compactMap { Int($0) }.filter { $0 > 0 }.sorted().map(generation)
  }

  /// Removes the files of every load, and the folders that are empty then.
  func removeGenerations() {
    for generation in generations() { RouterFiles.remove(folder: generation.folder) }
    unlink("\(jail)/again.sock")
    unlink(requests)
    rmdir(jail)
    rmdir(run)
  }
}
