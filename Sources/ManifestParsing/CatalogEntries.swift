// What the entries of a catalog are made of: dyno types, stacks, add-on services.

import FormationModel
import YAMLReading

extension DynoType {
  /// The fields of a dyno type.
  static let keys = [
    "tier", "memory", "kill_at", "cpu", "cores", "processes", "sleeps", "price",
  ]

  /// Reads a dyno type; nil, with problems, when it is not complete.
  init?(_ name: CatalogName, _ fields: CatalogFields, _ report: inout CatalogReport) {
    let tiers = Tier.allCases.map(\.rawValue).joined(separator: ", ")
    let size = "an amount of memory, such as 512MB"
    let number = "a whole number"
    let tier = fields.required("tier", expected: "one of \(tiers)", &report) {
      Tier(rawValue: $0.text)
    }
    let memory = fields.required("memory", expected: size, &report, CatalogScalar.bytes)
    let killAt = fields.value("kill_at", expected: size, &report, CatalogScalar.bytes)
    let share = fields.value("cpu", expected: number, &report, CatalogScalar.count)
    let cores = fields.value("cores", expected: number, &report, CatalogScalar.count)
    let processes = fields.value("processes", expected: number, &report, CatalogScalar.count)
    let sleeps = fields.value(
      "sleeps", expected: "true or false", &report, CatalogScalar.boolean)
    let cents = fields.value("price", expected: "dollars a month", &report, CatalogScalar.cents)
    guard let tier, let memory else { return nil }
    guard (killAt ?? memory) >= memory else {
      fields.error("out-of-range", "has `kill_at` below `memory`", &report)
      return nil
    }
    self.init(
      name: name, tier: tier, memoryBytes: memory, memoryKillBytes: killAt ?? memory,
      cpuShare: share ?? 1, dedicatedCores: cores, processLimit: processes ?? 256,
      sleeps: sleeps ?? false, monthlyCents: cents)
  }
}

extension Stack {
  /// The fields of a stack.
  static let keys = ["busybox", "debian", "folder", "archive", "shell"]

  /// Reads a stack; nil, with problems, unless it says exactly one place its files come from.
  init?(_ name: CatalogName, _ fields: CatalogFields, _ report: inout CatalogReport) {
    let path = "an absolute path"
    let folder = fields.value("folder", expected: path, &report, Self.path)
    let archive = fields.value("archive", expected: path, &report, Self.path)
    let isBusybox = fields.value("busybox", expected: "true", &report) {
      CatalogScalar.boolean($0) == true ? true : nil
    }
    let debian = fields["debian"].flatMap { Self.recipe($0, name, &report) }
    let shell = fields.value("shell", expected: path, &report, Self.path)
    guard ["busybox", "debian", "folder", "archive"].count(where: { fields[$0] != nil }) == 1
    else {
      fields.error(
        "missing-key", "must have one source",
        fix: "write one of `folder:`, `archive:`, `debian:`, `busybox: true`", &report)
      return nil
    }
    guard
      let source = folder.map(Source.folder) ?? archive.map(Source.archive) ?? debian
        ?? isBusybox.map({ _ in Source.busybox })
    else { return nil }
    self.init(name: name, source: source, shell: shell ?? "/bin/sh")
  }

  /// `{suite: bookworm, packages: […]}`.
  private static func recipe(
    _ node: YAMLNode, _ name: CatalogName, _ report: inout CatalogReport
  ) -> Source? {
    guard
      let fields = CatalogFields(
        node, of: "`stacks.\(name).debian`", keys: CatalogKeys.debian, &report)
    else { return nil }
    let suite = fields.required(
      "suite", expected: "a release of Debian, such as bookworm", &report, packageName)
    var packages: [String] = []
    for item in fields.items("packages", &report) {
      guard case .scalar(let scalar) = item.content, let package = packageName(scalar) else {
        fields.error(at: item, "a package's name has small letters, digits, `+-.`", &report)
        continue
      }
      packages.append(package)
    }
    return suite.map { .debian(suite: $0, packages: packages) }
  }

  private static func path(_ scalar: YAMLScalar) -> String? {
    let path = CatalogScalar.text(scalar)
    let isPlain = path?.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } == true
    return path.flatMap { $0.hasPrefix("/") && isPlain ? $0 : nil }
  }

  /// Debian's rule, a letter or digit first: such a name cannot be taken for an option.
  private static func packageName(_ scalar: YAMLScalar) -> String? {
    let bytes = Array(scalar.text.utf8)
    guard let first = bytes.first, bytes.count <= 100, first.isLowerLetter || first.isDigit,
      bytes.allSatisfy({ $0.isLowerLetter || $0.isDigit || "+-.".utf8.contains($0) })
    else { return nil }
    return scalar.text
  }
}

extension AddOnService {
  /// The fields of an add-on service.
  static let keys = ["config", "data", "plans"]

  /// Reads a service; nil, with problems, when it is not complete.
  init?(_ name: CatalogName, _ fields: CatalogFields, _ report: inout CatalogReport) {
    let prefix = fields.required(
      "config", expected: "the prefix of its config vars, such as DATABASE", &report
    ) { ConfigKey(rawValue: $0.text)?.rawValue }
    let data = fields.value("data", expected: "true or false", &report, CatalogScalar.boolean)
    var plans: [AddOnPlan] = []
    for item in fields.items("plans", &report) {
      guard let plan = AddOnPlan(item, of: name, &report) else { continue }
      if plans.contains(where: { $0.name == plan.name }) {
        fields.error(at: item, "the plan `\(plan.name)` is here twice", &report)
      } else {
        plans.append(plan)
      }
    }
    guard let prefix else { return nil }
    guard !plans.isEmpty else {
      fields.error("missing-key", "has no plans", fix: "write `plans: [{name: …}]`", &report)
      return nil
    }
    self.init(name: name, configPrefix: prefix, holdsData: data ?? true, plans: plans)
  }
}

extension AddOnPlan {
  /// Reads `{name: …, price: …}`; nil with a problem.
  fileprivate init?(_ node: YAMLNode, of service: CatalogName, _ report: inout CatalogReport) {
    guard
      let fields = CatalogFields(
        node, of: "a plan of `\(service)`", keys: CatalogKeys.plan, &report)
    else { return nil }
    let name = fields.required("name", expected: "the plan's name", &report) {
      CatalogName(rawValue: $0.text)
    }
    let cents = fields.value("price", expected: "dollars a month", &report, CatalogScalar.cents)
    guard let name else { return nil }
    self.init(name: name, monthlyCents: cents)
  }
}
