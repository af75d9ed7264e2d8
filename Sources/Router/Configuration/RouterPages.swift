// What visitors see when no dyno answers them: whole HTTP answers, made of pages of our own or of
// the team's.

import FormationModel

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

  /// The team's pages: `<name>.html` in the folder, each of them optional. A page has to fit into
  /// HAProxy's buffer with its head.
  static func found(in folder: String?) -> RouterPages {
    guard let folder else { return RouterPages() }
    var own: [String: String] = [:]
    for page in all {
      if let bytes = RouterFiles.read("\(folder)/\(page.name).html", limit: 24 << 10) {
        own[page.name] = String(decoding: bytes, as: UTF8.self)
      }
    }
    return RouterPages(own: own)
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
