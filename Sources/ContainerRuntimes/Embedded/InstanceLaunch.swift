// Starting an instance. The order is the whole point: the record before anything it names, the
// network before the process, the process last; whatever interrupts it, the record says what to
// clean up.

import CLinux
import ChildProcesses
import FormationModel
import Glibc

/// Starts instances.
struct InstanceLaunch: Sendable {
  let places: ControllerPlaces
  let machinery: Machinery
  let inspection: InstanceInspection
  let stacks: ContentStore
  let slugs: ContentStore

  /// Starts one instance; returns when its process has been exec'd.
  func start(
    _ spec: InstanceSpec, config: [ConfigKey: ConfigValue]
  ) throws(EffectFailure) {
    let environment = try DynoEnvironment.variables(spec, config: config)
    try checkContent(spec)
    try machinery.ensureFirewall()
    let container = places.container(spec.id)
    let address = try machinery.addresses.take()
    let record = record(of: spec, container, address)
    let folder = InstanceFolder(spec.id, in: places)
    do {
      try folder.claim(record)
    } catch {
      if case .found(record) = folder.read() { throw error }
      machinery.addresses.giveBack(address)
      throw error
    }
    try layOut(spec, record, environment, in: folder.path)
    let pid = try create(record, in: folder)
    machinery.cores.settle(record)
    try machinery.network.connect(pid, interface: container, address: address)
    if record.session != nil { try SessionHold(folder).awaitHolder() }
    try machinery.oci.start(container)
  }

  private func checkContent(_ spec: InstanceSpec) throws(EffectFailure) {
    let content = spec.content
    guard stacks.has(content.stack.digest), slugs.has(content.slug.digest) else {
      throw EffectFailure(
        "content-missing", "the stack or the slug of \(spec.id) is not ready",
        retry: .afterObserving)
    }
    let stack = content.stack.stack
    guard muster_is_program(stacks.folder(content.stack.digest), stack.shell) == 1 else {
      throw EffectFailure(
        "shell-missing", "stack \(stack.name) has no program \(stack.shell)",
        fix: "name a shell that the stack has, in platform.yaml", retry: .withNewContent)
    }
  }

  /// Writes the bundle and makes the instance's own files.
  func layOut(
    _ spec: InstanceSpec, _ record: InstanceRecord, _ environment: [String], in folder: String
  ) throws(EffectFailure) {
    for (name, mode) in [("app", mode_t(0o755)), ("work", 0o700)] {
      let path = "\(folder)/\(name)"
      try Files.makeFolder(path, mode: mode)
      // What mkdir took away for the umask.
      guard chmod(path, mode) == 0 else { throw .lastError("cannot set the mode of \(path)") }
    }
    try Files.give(folder + "/app", to: DynoUser.id, group: DynoUser.id)
    try Files.write(
      NameFiles.hosts(record.address, name: spec.id.slot.dynoName).utf8,
      to: folder + "/hosts")
    try Files.write(NameFiles.resolvers().utf8, to: folder + "/resolv.conf")
    let bundle = Bundle(
      spec, environment: environment,
      sources: Bundle.Sources(
        stack: stacks.folder(spec.content.stack.digest),
        slug: slugs.folder(spec.content.slug.digest), instance: folder),
      cgroup: inspection.cgroup(record), machine: machinery.limits, seccomp: machinery.seccomp)
    try Files.write(bundle.encoded(), to: folder + "/config.json", mode: 0o600)
  }

  /// Writes an instance's bundle somewhere else, for a baseline to start.
  func export(_ spec: InstanceSpec, to folder: String) throws(EffectFailure) {
    try checkContent(spec)
    // Kept: the bundles of one benchmark run side by side.
    let address = try machinery.addresses.take()
    try Files.makeFolder(folder, mode: 0o700)
    try layOut(
      spec, record(of: spec, places.container(spec.id), address),
      try DynoEnvironment.variables(spec, config: [:]), in: folder)
    try Files.write(
      "\(address) \(machinery.claim.gateway)\n".utf8, to: folder + "/network")
  }

  func record(
    of spec: InstanceSpec, _ container: String, _ address: IPv4
  ) -> InstanceRecord {
    InstanceRecord(
      controller: places.controller, id: spec.id, form: spec.form, crashes: spec.crashes,
      boot: places.boot, container: container, address: address.description,
      port: DynoEnvironment.port(of: spec), recordedAt: WallClock.now,
      cores: spec.size.dedicatedCores ?? 0, session: spec.session)
  }

  func create(
    _ record: InstanceRecord, in folder: InstanceFolder
  ) throws(EffectFailure) -> pid_t {
    try inspection.logs.begin(record.id)
    let policy = inspection.logs.policy
    let order = Conmon.Order(
      container: record.container, name: record.id.description, bundle: folder.path,
      log: inspection.logs.file(record.id), logLimit: policy.guardBytes,
      session: record.session)
    do {
      return try machinery.conmon.create(order, runtime: machinery.oci, places: places)
    } catch {
      guard let free = Files.freeBytes(at: folder.path), free < 4 << 20 else { throw error }
      throw EffectFailure.system("cannot create the container of \(record.id)", errno: ENOSPC)
    }
  }
}
