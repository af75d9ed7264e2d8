// What visitors see when no dyno answers them: whole HTTP answers, made of pages of our own or of
// the team's.

import FormationModel
import Glibc

/// The pages.
struct RouterPages: Sendable {
  /// One page: its file's name, the status it goes with, and what it says.
  struct Page: Hashable, Sendable {
    let name: String
    let status: String
    let title: String
    let text: String
  }

  static let applicationError = Page(
    name: "application-error", status: "503 Service Unavailable", title: "Application error",
    text: "An error occurred in the application, and this page could not be served. "
      + "If you own it, its logs say why: <code>muster logs</code>.")
  static let maintenance = Page(
    name: "maintenance", status: "503 Service Unavailable", title: "Offline for maintenance",
    text: "This application is undergoing maintenance. Please come back in a few minutes.")
  static let noSuchApp = Page(
    name: "no-such-app", status: "404 Not Found", title: "No such app",
    text: "There is nothing here yet: no app has this host.")

  /// Answers to requests that are none.
  static let refusals = [
    Page(
      name: "bad-request", status: "400 Bad Request", title: "Bad request",
      text: "What was sent is not a valid HTTP request."),
    Page(
      name: "method-not-allowed", status: "405 Method Not Allowed", title: "Method not allowed",
      text: "This method is not supported here."),
    Page(
      name: "request-timeout", status: "408 Request Timeout", title: "Request timeout",
      text: "The request did not arrive in time."),
    Page(
      name: "too-large", status: "413 Payload Too Large", title: "Too large",
      text: "The request is larger than what is taken here."),
  ]

  static let all = [applicationError, maintenance, noSuchApp] + refusals

  /// What a team has in place of ours, by name: HTML.
  var own: [String: String] = [:]

  /// Bytes of a team's page. With its head it has to fit into HAProxy's buffer.
  private static let ownLimit = 24 << 10

  /// The team's pages: `<name>.html` in the folder, each of them optional.
  static func found(in folder: String?) -> RouterPages {
    guard let folder else { return RouterPages() }
    var own: [String: String] = [:]
    for page in all {
      if let bytes = RouterFiles.read(path(page, in: folder), limit: ownLimit) {
        own[page.name] = String(decoding: bytes, as: UTF8.self)
      }
    }
    return RouterPages(own: own)
  }

  /// Pages of the team's that are there and not used, each with its reason.
  static func complaints(in folder: String?) -> [EffectFailure] {
    guard let folder else { return [] }
    return all.compactMap { page in
      let path = path(page, in: folder)
      guard access(path, F_OK) == 0, RouterFiles.read(path, limit: ownLimit) == nil else {
        return nil
      }
      return EffectFailure(
        "bad-page", "the page \(path) is not used: it cannot be read, or has more than 24 kB",
        fix: "let it load what is large from elsewhere: \(ownLimit) bytes fit",
        retry: .withNewContent)
    }
  }

  private static func path(_ page: Page, in folder: String) -> String {
    "\(folder)/\(page.name).html"
  }

  /// The whole answer.
  func answer(_ page: Page) -> String {
    let html = own[page.name] ?? Self.html(page)
    return [
      "HTTP/1.1 \(page.status)", "content-type: text/html; charset=utf-8",
      "content-length: \(html.utf8.count)", "cache-control: no-cache, no-store", "", html,
    ].joined(separator: "\r\n")
  }

  private static func html(_ page: Page) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(page.title)</title>
    <style>
    body { font: 1rem/1.5 system-ui, sans-serif }
    body { max-width: 34rem; margin: 18vh auto; padding: 0 1rem }
    </style>
    <h1>\(page.title)</h1>
    <p>\(page.text)</p>
    </html>

    """
  }
}
