// The small languages within manifests, each with what it takes and what it refuses.

import FormationModel
import Testing

@testable import ManifestParsing

@Suite struct ValueFormsTests {
  @Test(arguments: [
    ("500ms", Duration.milliseconds(500)), ("60s", .seconds(60)), ("30m", .seconds(1800)),
    ("1h", .seconds(3600)), ("5d", .seconds(432_000)), ("0s", .zero),
  ])
  func `durations carry a unit`(_ text: String, _ duration: Duration) {
    #expect(Quantity.duration(text) == duration)
    #expect(Quantity.duration(Quantity.text(duration)) == duration)
  }

  @Test(arguments: [
    "", "5", "s", "-5s", "1.5h", "5 s", "1e3s", "05s", "99999999999999999999d", "1w", "5S",
  ])
  func `what has no unit or odd digits is no duration`(_ text: String) {
    #expect(Quantity.duration(text) == nil)
  }

  @Test func `bytes carry a unit`() {
    #expect(Quantity.bytes("50MB") == 50 << 20)
    #expect(Quantity.bytes("64MiB") == 64 << 20)
    #expect(Quantity.bytes("1kB") == 1024)
    #expect(Quantity.bytes("2GB") == 2 << 30)
    for text in ["50", "MB", "-1MB", "1.5GB", "999999999TB"] {
      #expect(Quantity.bytes(text) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    "30 3 * * *", "*/5 * * * *", "0 0 1,15 * 1-5", "0 22 * jan-mar MON", "5 4 * * 7",
    "0-59/2 0 31 12 0", "00 03 * * *",
  ])
  func `five fields make a cron expression`(_ text: String) {
    #expect(CronExpression.problem(in: text) == nil)
  }

  @Test(arguments: [
    "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
    "* * * * 8", "5-1 * * * *", "*/0 * * * *", "a * * * *", "1,,2 * * * *", "@daily", "1- * * * *",
  ])
  func `anything else is told`(_ text: String) {
    #expect(CronExpression.problem(in: text) != nil)
  }

  @Test func `times of week have four forms`() {
    for text in [
      "08:00-20:00", "Mon-Fri 08:00-20:00", "Sat 10:00-12:00", "Mon,Wed 00:00-24:00",
      "Fri 16:00 - Mon 07:00",
    ] { #expect(WeekSpan.isValid(text), "\(text)") }
    for text in [
      "", "Mon", "Mon 8:00-9:00", "Mon 08:00-25:00", "Mon 08:00-08:00", "Monday 08:00-09:00",
      "Fri 16:00 Mon 07:00", "Mon-Fri",
    ] { #expect(!WeekSpan.isValid(text), "\(text)") }
  }

  @Test func `zones are area and city`() {
    for text in ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+1"] {
      #expect(ZoneName.isValid(text), "\(text)")
    }
    for text in ["", "Berlin", "europe/berlin", "Europe/", "CET", "Europe/Ber lin", "../etc"] {
      #expect(!ZoneName.isValid(text), "\(text)")
    }
  }

  @Test func `domains are plain host names`() {
    for text in ["shop.example.com", "*.example.com", "a-b.c1.io", "xn--bcher-kva.example"] {
      #expect(DomainName.problem(in: text) == nil, "\(text)")
    }
    for text in [
      "", "localhost", "a..b", "-a.com", "a-.com", "a_b.com", "1.2.3.4", "*", "*.*.com", "a.com.",
      "a.com:80", "http://a.com", "a.com/x", "bücher.example", "A.com", "foo*.example.com",
      String(repeating: "a", count: 64) + ".com",
    ] { #expect(DomainName.problem(in: text) != nil, "\(text)") }
  }

  @Test func `address ranges have a length`() {
    for text in ["203.0.113.0/24", "0.0.0.0/0", "2001:db8::/32", "::/0"] {
      #expect(AddressRange.isValid(text), "\(text)")
    }
    for text in ["203.0.113.0", "203.0.113.0/33", "256.0.0.0/8", "1.2.3/8", "x::/8", "a/b/c"] {
      #expect(!AddressRange.isValid(text), "\(text)")
    }
  }

  @Test func `paths never leave the repository`() {
    #expect(RepositoryPath.resolve(".", from: "apps/shop") == "apps/shop")
    #expect(RepositoryPath.resolve("./src/", from: "apps/shop") == "apps/shop/src")
    #expect(RepositoryPath.resolve("../../lib", from: "apps/shop") == "lib")
    #expect(RepositoryPath.resolve("lib//a", from: "apps/shop") == "lib/a")
    #expect(RepositoryPath.resolve("/", from: "apps/shop") == "")
    #expect(RepositoryPath.resolve("../../..", from: "apps/shop") == nil)
    #expect(RepositoryPath.resolve("a/../..", from: "apps/shop") == nil)
  }

  @Test func `patterns match one part of a path`() {
    #expect(AppDiscovery.matches("app-one", "app-*"))
    #expect(AppDiscovery.matches("one-app-two", "*app*"))
    #expect(!AppDiscovery.matches("one", "app-*"))
    #expect(!AppDiscovery.matches("ab", "a*bb"))
    #expect(!AppDiscovery.matches("a", "a*a"))
  }

  @Test func `slips find their word`() {
    #expect(Suggestion.nearest(to: "formaton", among: ["formation", "stack"]) == "formation")
    #expect(Suggestion.nearest(to: "wbe", among: ["web", "worker"]) == "web")
    #expect(Suggestion.nearest(to: "DependsOn", among: ["depends_on"]) == "depends_on")
    #expect(Suggestion.nearest(to: "colour", among: ["stack", "slug"]) == nil)
  }

  @Test func `every report has an app name`() {
    for text in [
      "", "!", "9", "a", "ab", "My Shop", "UPPER_case", String(repeating: "x", count: 99),
    ] {
      let name = AppName(nearestTo: text)
      #expect(AppName(rawValue: name.rawValue) != nil, "\(text) → \(name)")
    }
    #expect(AppName(nearestTo: "My Shop").rawValue == "my-shop")
  }
}
