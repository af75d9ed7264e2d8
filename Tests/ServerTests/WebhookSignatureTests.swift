// What proves a webhook.

import Testing

@testable import Server

@Suite struct WebhookSignatureTests {
  private let body = Array("Hello, World!".utf8)
  // GitHub's own example: docs.github.com, "Validating webhook deliveries".
  private let code = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

  private func secret() throws -> WebhookSecret {
    try #require(WebhookSecret(Array("It's a Secret to Everybody".utf8)))
  }

  @Test func `each forge's way is taken`() throws {
    let secret = try secret()
    #expect(secret.isProven(by: ["x-hub-signature-256": "sha256=\(code)"], body: body))
    #expect(secret.isProven(by: ["x-gitea-signature": code], body: body))
    #expect(secret.isProven(by: ["x-forgejo-signature": code.uppercased()], body: body))
    #expect(secret.isProven(by: ["x-gitlab-token": "It's a Secret to Everybody"], body: body))
  }

  @Test(arguments: [
    [:], ["x-hub-signature-256": ""], ["x-hub-signature-256": "sha256="],
    ["x-hub-signature-256": "sha1=757107ea0eb2509fc211221cce984b8a37570b6d"],
    ["x-gitlab-token": ""], ["x-gitlab-token": "It's a Secret to Everybod"],
    ["x-gitea-signature": "zz"], ["authorization": "It's a Secret to Everybody"],
  ])
  func `anything else proves nothing`(_ headers: [String: String]) throws {
    #expect(!(try secret().isProven(by: headers, body: body)))
  }

  @Test func `another body or a flipped digit is not proven`() throws {
    let secret = try secret()
    #expect(!secret.isProven(by: ["x-gitea-signature": code], body: body + [0]))
    for index in code.indices {
      var wrong = code
      wrong.replaceSubrange(index...index, with: code[index] == "0" ? "1" : "0")
      #expect(!secret.isProven(by: ["x-gitea-signature": wrong], body: body))
    }
  }

  @Test func `a wrong signature is not mended by a right token beside it`() throws {
    let headers = [
      "x-hub-signature-256": "sha256=00", "x-gitlab-token": "It's a Secret to Everybody",
    ]
    #expect(!(try secret().isProven(by: headers, body: body)))
  }

  @Test func `a secret is long enough and is not printed`() throws {
    #expect(WebhookSecret(Array("short".utf8)) == nil)
    let secret = try secret()
    #expect(!"\(secret) \(String(reflecting: secret))".contains("Everybody"))
  }
}
