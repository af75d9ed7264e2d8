// From one app's merged manifest and its process types to the app that is desired. This file owns
// the order of decoding and what every section needs; each section has a file of its own.

import FormationModel

/// Decodes one app.
struct AppDecoder {
  /// The merged manifest.
  let manifest: ManifestValue
  /// The process types with their commands.
  let commands: [ProcessCommand]
  /// The platform that the app is judged by.
  let platform: Platform
  /// What nothing may exceed.
  let limits: Limits
  /// Whether heroku.yml makes it need a build, which then says what runs.
  let needsBuild: Bool
  /// Whether there is a Procfile, of which a reader of its own judged the content.
  let hasProcfile: Bool
  /// Collects the problems.
  var read: FieldReader
  /// What was decoded so far.
  var app: DesiredApp
  /// What has to be compared with other apps.
  var links = AppLinks()
  /// Quantities that types name, before defaults.
  var namedQuantities: [ProcessType: Int] = [:]
  /// Sizes that types name, before defaults.
  var namedSizes: [ProcessType: CatalogName] = [:]
  /// Types that ask for autoscaling, with the place.
  var autoscaled: [ProcessType: SourceMark] = [:]

  /// Decodes everything; problems are in `read`, and with an error among them the app is not valid.
  mutating func decode() {
    app.marks = manifest.fieldMarks()
    for command in commands {
      app.marks.places[FieldPath("processes.\(command.type).command")] = command.mark
    }
    guard
      let fields = read.fields(manifest, "", keys: AppKeys.top, accepting: AppKeys.display)
    else { return }
    decodeFormerNames(fields["was"])
    decodeContent(fields)
    decodeConfig(fields["env"])
    decodeFormation(fields)
    decodeAddOns(fields["addons"])
    decodeJobs(fields["jobs"])
    decodeRouting(fields)
    decodeRollout(fields["rollout"])
    decodeOperation(fields)
    checkTiers()
    app.unsupported.sort { ($0.field, $0.feature) < ($1.field, $1.feature) }
  }

  /// Records something that this version cannot do and that would be wrong to leave out: the app is
  /// held. `feature` completes "this version has no …".
  mutating func holdForMissing(_ feature: String, field: String, at mark: SourceMark?) {
    app.unsupported.append(UnsupportedField(field: FieldPath(field), feature: feature))
    let section = field.prefix { $0 != "." }
    let isStock = mark.map { FieldReader.isLenient($0.file) } ?? false
    let fix: String? =
      switch section {
      case "processes": nil
      case "stack":
        "if its files run as they are, write `stack: \(CatalogName.defaultStack)` in app.yaml"
      default: isStock ? "to go without it, write `\(section): null` in app.yaml" : nil
      }
    read.warning(
      "not-supported-yet", at: mark,
      "\(field): this version has no \(feature) yet, so the app is held", fix: fix)
  }

  /// Records something that this version cannot do and that does no harm by its absence.
  mutating func warnOfMissing(_ feature: String, field: String, at mark: SourceMark?) {
    read.warning(
      "not-in-force-yet", at: mark, "\(field) has no effect: this version has no \(feature) yet")
  }
}

/// A process type's command, from the Procfile or from heroku.yml.
struct ProcessCommand: Hashable, Sendable {
  /// The process type.
  let type: ProcessType
  /// The command; nil when it is the image's own.
  let command: String?
  /// Where it is written.
  let mark: SourceMark
}

/// What one app says about others, for the checks across apps.
struct AppLinks: Hashable, Sendable {
  /// A name with the place where it is written.
  struct Place: Hashable, Sendable {
    let name: String
    let mark: SourceMark
  }

  /// Names of the app's own add-ons.
  var addOns: [String] = []
  /// `app/name` of add-ons of other apps that it attaches.
  var attachments: [Place] = []
  /// Domains.
  var domains: [Place] = []
  /// Apps that must be healthy first.
  var dependencies: [Place] = []
  /// The space it is placed in.
  var space: Place?
  /// Former names.
  var formerNames: [Place] = []
  /// The slug's folder, when it is not the app's own.
  var slugFolder: Place?
}

extension ManifestValue {
  /// Where each field stands: every key down to the third level, `formation.web.quantity`.
  func fieldMarks() -> FieldMarks {
    var places: [FieldPath: SourceMark] = [:]
    places.reserveCapacity(32)
    func walk(_ value: ManifestValue, _ path: String, depth: Int) {
      for entry in value.entries ?? [] where !entry.value.isNull {
        let field = path.isEmpty ? entry.key : path + "." + entry.key
        places[FieldPath(field)] = entry.keyMark
        if depth < 4, !(depth == 2 && path == "env") { walk(entry.value, field, depth: depth + 1) }
      }
    }
    walk(self, "", depth: 1)
    return FieldMarks(places)
  }
}
