// Reads the whole formation of one tree: finds the apps, parses and merges their files, validates,
// and collects every problem. The only door into this module.

package import FormationModel

/// What to read.
package struct ReadingOptions: Hashable, Sendable {
  /// The environment whose `environments.X` are merged; nil for none.
  package var environment: String?
  /// What an app at the root is called when its manifest does not say: the repository's own name.
  package var rootName: String?
  /// What nothing may exceed.
  package var limits = Limits()

  /// Makes options.
  package init(environment: String? = nil, rootName: String? = nil) {
    self.environment = environment
    self.rootName = rootName
  }
}

/// Reads formations, one revision after the other. App folders that did not change since the last
/// one are recognised by the identity of their tree and not parsed again.
package struct FormationReader: Sendable {
  private let shippedCatalog: Catalog
  private let options: ReadingOptions
  private let spreading: any WorkSpreading
  private var remembered: [FolderKey: AppReading] = [:]
  private var rememberedPlatform: Platform?

  /// Folders of which the files are in memory at the same time, waiting to be parsed.
  private static let foldersAtOnce = 256

  /// An app folder as it was when it was read. Without an identity it is not known again.
  private struct FolderKey: Hashable {
    let folder: AppFolder
    let identity: String?

    func hash(into hasher: inout Hasher) {
      hasher.combine(folder.path)
      hasher.combine(identity)
    }
  }

  /// Makes a reader that remembers nothing yet. The platform's own catalog entries are laid over
  /// `catalog`. App folders are parsed as `spreading` does it.
  package init(
    catalog: Catalog, options: ReadingOptions = ReadingOptions(),
    spreading: any WorkSpreading = OneByOne()
  ) {
    shippedCatalog = catalog
    self.options = options
    self.spreading = spreading
  }

  /// Reads everything of one tree, and of other sources what `sources` answers. `revision` is nil
  /// for a working tree. Problems of manifests are diagnostics of the result; throws only when the
  /// tree itself cannot be read, and then nothing of it may be taken over. A source that is asked
  /// for and has no answer stands without revision and failure in the result: to have its apps,
  /// read again with an answer; what was parsed is remembered.
  package mutating func read(
    _ tree: some ManifestTree, revision: Revision?, sources: [AppSource: SourceAnswer] = [:]
  ) throws(TreeProblem) -> DesiredFormation {
    let survey = try survey(tree, sources)
    var assembly = FormationAssembly(
      platform: survey.platform, sources: survey.sources, options: options)
    try assembly.add(survey.readings, tree)
    return assembly.formation(revision: revision)
  }

  /// The platform and every app folder, each judged for itself.
  struct Survey {
    var platform: PlatformReading
    var sources: SourceSurvey
    var readings: [AppReading] = []
  }

  /// Surveys a tree and the other sources.
  mutating func survey(
    _ tree: some ManifestTree, _ answers: [AppSource: SourceAnswer] = [:]
  ) throws(TreeProblem) -> Survey {
    let platform = try PlatformReader(catalog: shippedCatalog, limits: options.limits).read(tree)
    var survey = Survey(
      platform: platform, sources: SourceSurvey(platform.places, answers: answers))
    guard platform.isReadable else { return survey }
    if platform.platform != rememberedPlatform { remembered = [:] }
    rememberedPlatform = platform.platform
    let folders = try discover(in: tree, &survey)
    if folders.count > options.limits.apps {
      survey.platform.read.error(
        "too-many-apps", at: nil,
        "there are \(folders.count) apps; \(options.limits.apps) are allowed",
        fix: "split the repository, or name fewer places below `apps` in platform.yaml")
      return survey
    }
    try readApps(folders, tree, &survey)
    survey.sources.judge(survey.readings)
    return survey
  }

  private func discover(
    in tree: some ManifestTree, _ survey: inout Survey
  ) throws(TreeProblem) -> [AppFolder] {
    var discovery = AppDiscovery()
    try discovery.find(survey.platform.places.filter { $0.source == nil }, in: tree)
    var folders = discovery.folders
    for (source, tree, places) in survey.sources.readable {
      var discovery = AppDiscovery()
      do throws(TreeProblem) {
        try discovery.find(places, in: tree)
        folders += discovery.folders
      } catch {
        survey.sources.fail(source, error)
      }
    }
    return folders
  }

  private mutating func readApps(
    _ folders: [AppFolder], _ tree: some ManifestTree, _ survey: inout Survey
  ) throws(TreeProblem) {
    var known: [FolderKey: AppReading] = [:]
    let platform = survey.platform.platform
    let others = survey.sources.readable
    let own = others.isEmpty ? folders : folders.filter { $0.source == nil }
    survey.readings = try read(own, platform, tree, &known)
    for (source, tree, _) in others {
      do throws(TreeProblem) {
        survey.readings += try read(
          folders.filter { $0.source == source }, platform, tree, &known)
      } catch {
        survey.sources.fail(source, error)
      }
    }
    remembered = known
  }

  /// Reads folders of one tree; what is remembered is not parsed again; `known` is what is to be
  /// remembered next.
  private func read(
    _ folders: [AppFolder], _ platform: Platform, _ tree: some ManifestTree,
    _ known: inout [FolderKey: AppReading]
  ) throws(TreeProblem) -> [AppReading] {
    let keys = try folders.map { (folder) throws(TreeProblem) in
      FolderKey(
        folder: folder,
        identity: folder.obstacle == nil ? try tree.identity(of: folder.path) : nil)
    }
    var readings = keys.map { remembered[$0] }
    var unread = readings.indices.filter { readings[$0] == nil }[...]
    while !unread.isEmpty {
      let batch = unread.prefix(Self.foldersAtOnce)
      unread = unread.dropFirst(Self.foldersAtOnce)
      let contents = try batch.map { (index) throws(TreeProblem) in
        let path = folders[index].path
        return (
          folders[index], try FolderContent(of: path, in: tree, limits: options.limits)
        )
      }
      let found = spreading.map(contents) { [options] folder, content in
        AppReader(folder: folder, platform: platform, options: options).read(content)
      }
      for (index, reading) in zip(batch, found) { readings[index] = reading }
    }
    known.reserveCapacity(known.count + keys.count)
    for (key, reading) in zip(keys, readings) where key.identity != nil { known[key] = reading }
    return readings.compactMap { $0 }
  }
}
