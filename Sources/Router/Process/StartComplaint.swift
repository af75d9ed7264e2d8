// Words why HAProxy did not start, from what it said.

import FormationModel

/// What it said, in alerts.
struct StartComplaint: Sendable {
  /// The alerts, without what says that they are alerts.
  let alerts: [String]

  init(_ text: String) {
    let lines = text.split(separator: "\n")
    let alerts = lines.filter { $0.contains("[ALERT]") }.map { line in
      line.firstRange(of: " : ").map { String(line[$0.upperBound...]) } ?? String(line)
    }
    self.alerts = (alerts.isEmpty ? lines.suffix(3).map(String.init) : alerts)
      .prefix(5).map(\.printable)
  }

  /// The failure. `certificates` is the folder that was loaded.
  func failure(certificates: String?) -> EffectFailure {
    if let alert = alerts.first(where: { $0.contains("cannot bind") }) { return address(alert) }
    if let certificates, let file = certificate(in: certificates) {
      return EffectFailure(
        "bad-certificate", "the certificate \(file) cannot be loaded",
        fix: "put certificate, chain and key into it, in this order, as PEM",
        retry: .whenMachineIsMended, causes: alerts)
    }
    return EffectFailure(
      "router-start", "HAProxy did not start: \(alerts.first ?? "it did not say why")",
      retry: .later, causes: alerts)
  }

  /// `… cannot bind socket (Address already in use) for [127.0.0.1:8080]`.
  private func address(_ alert: String) -> EffectFailure {
    let place = alert.split(separator: "[").last?.prefix { $0 != "]" } ?? ""
    let reason = alert.firstRange(of: "(").map { alert[$0.upperBound...].prefix { $0 != ")" } }
    let port = place.split(separator: ":").last.flatMap { Int($0) }
    let holder = port.flatMap(SocketTable.listener).map { ": \($0) has it" } ?? ""
    return EffectFailure(
      "router-address",
      "the router cannot listen on \(place): \((reason ?? "it is taken").lowercased())\(holder)",
      fix: "free it, or choose another one with `--router ADDRESS:PORT`",
      retry: .whenMachineIsMended, causes: alerts)
  }

  private func certificate(in folder: String) -> String? {
    for alert in alerts {
      guard let start = alert.firstRange(of: folder + "/") else { continue }
      return String(alert[start.lowerBound...].prefix { !"'\" :;,".contains($0) })
    }
    return nil
  }
}
