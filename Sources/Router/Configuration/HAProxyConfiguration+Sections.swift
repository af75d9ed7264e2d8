// The sections of the configuration that are the same for every app: limits, pages, what a request
// has to look like, which app it is for, and what is logged of it.

import FormationModel

extension HAProxyConfiguration {
  var global: String {
    let jail = machine.account.map {
      """
          user \($0)
          group \($0)
          chroot \(folder.jail)

      """
    }
    return """
      # Written by Muster for each load, and never read again: what is changed here is lost.
      global
      \(jail ?? "")    stats socket \(generation.admin) mode 600 level admin expose-fd listeners
          stats timeout 1m
          stats maxconn 100
          # The pipe that it is started with; a line that is longer would not come as a whole.
          log fd@3 len \(RequestRecord.longestLine - 1) format raw local0 info
          # A port that somebody else listens on is not shared with him.
          noreuseport
          maxconn \(machine.visitors)
          # What an old process still has after a reload, WebSockets above all, may last this long.
          hard-stop-after 1h
          tune.bufsize 32768
          tune.maxrewrite 4096
          tune.http.logurilen \(RequestRecord.longestLine)
          lua-load-per-thread \(generation.script)
          ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets

      """
  }

  /// The jail, as HAProxy sees it once it runs.
  private var jailed: String { machine.account == nil ? folder.jail : "" }

  var httpErrors: String {
    let errors = [400, 405, 408, 413].map { status in
      let page = RouterPages.refusals.first { $0.status.hasPrefix("\(status)") }
      return (status, page ?? RouterPages.applicationError)
    }
    let answers =
      errors + [(404, RouterPages.noSuchApp)]
      + [500, 502, 503, 504].map { ($0, RouterPages.applicationError) }
    return "\nhttp-errors muster\n"
      + answers.map { "    errorfile \($0) \(generation.page($1.name))\n" }.joined()
      + "\nhttp-errors maintenance\n"
      + "    errorfile 503 \(generation.page(RouterPages.maintenance.name))\n"
  }

  /// What holds for all that follows.
  func base() throws(EffectFailure) -> String {
    let longest = apps.map(\.routes.settings.idle).max() ?? .zero
    let client = try Self.milliseconds(max(.seconds(55), longest), "idle timeout")
    return """

      defaults base
          mode http
          errorfiles muster
          log global
          option dontlognull
          option http-ignore-probes
          option abortonclose
          log-format "\(Self.logFormat)"
          # A visitor's next request on a connection that a reload closes would be lost.
          option idle-close-on-response
          timeout connect 5s
          timeout client \(client)
          timeout server 30s
          timeout http-request 10s
          timeout http-keep-alive 90s
          timeout queue 30s

      """
  }

  func frontends() throws(EffectFailure) -> String {
    """

    frontend web from base
    \(try binds())    maxconn \(machine.visitors)
    \(Self.refusals)\(Self.identity)\(Self.names)\(lookup)\(redirect)\(gate)
    # What an old process still takes once it was replaced, on connections that visitors keep: it
    # has checked it, and the new one decides.
    frontend again from base
        bind unix@\(folder.jail)/again.sock \(machine.account.map { "user \($0) " } ?? "")\
    mode 600 accept-proxy
    \(Self.names)\(lookup)\(redirectAgain)\(gate)
    backend again from base
        # The new one logs it; where there is none, nobody else does.
        http-response set-log-level silent
        # The new one has the time limits.
        timeout server 24h
        timeout tunnel 24h
        server successor unix@\(jailed)/again.sock send-proxy-v2

    backend no-such-app from base
        http-request return status 404 default-errorfiles

    """
  }

  var appDefaults: String {
    """

    defaults app from base
        # In turn, so that a dyno which refuses is passed over for another one. What reached a dyno
        # is never sent again.
        balance roundrobin
        http-reuse safe
        retries 10
        option redispatch 1
        retry-on conn-failure

    """
  }

  // MARK: - Parts of the frontend

  private func binds() throws(EffectFailure) -> String {
    let address = try ConfigurationWord.address(entry.address, "address")
    let http = try ConfigurationWord.port(entry.http, "port")
    let https = try ConfigurationWord.port(entry.https, "port")
    var text = "    bind \(address):\(http) proto h1\n"
    if let certificates = machine.certificates {
      let folder = try ConfigurationWord.path(certificates, "folder of certificates")
      text += "    bind \(address):\(https) ssl crt \(folder) alpn h2,http/1.1\n"
    }
    return text
  }

  private var redirect: String { redirect(unless: "ssl_fc") }

  /// The same for what comes from a replaced process: the port tells how the visitor came.
  private var redirectAgain: String { redirect(unless: "dst_port \(entry.https)") }

  private func redirect(unless isSecure: String) -> String {
    guard entry.redirects, machine.certificates != nil else { return "" }
    let port = entry.https == 443 ? "" : ":\(entry.https)"
    return "    http-request redirect code 308 location https://%[var(txn.host)]\(port)%[pathq] "
      + "if { var(txn.app) -m beg app. } !{ \(isSecure) }\n"
  }

  /// Which app it is for: the exact host, or else the longest wildcard.
  private var lookup: String {
    """
        http-request set-var(txn.app) str(again) if { stopping }
        http-request set-var(txn.app) var(txn.host),map_str(\(generation.hosts)) \
    if !{ var(txn.app) -m found }
        http-request set-var(txn.app) var(txn.host),map_end(\(generation.wildcards)) \
    if !{ var(txn.app) -m found }

    """
  }

  /// Whether the app can answer, and what is answered for it when not.
  private var gate: String {
    let state = "var(txn.app),map_str(\(generation.states))"
    return """
          http-request set-var(txn.code) str(H80) if { \(state) -m beg maintenance }
          http-request lua.gate if { var(txn.app),nbsrv -m int eq 0 } !{ var(txn.code) -m found } \
      { \(state) -m found }
          http-request return status 503 errorfiles maintenance if { var(txn.code) -m str H80 }
          http-request return status 503 default-errorfiles if { var(txn.code) -m found }
          use_backend %[var(txn.app)]
          default_backend no-such-app

      """
  }

  /// What a line has, in order; `RequestRecord` reads it.
  private static let logFormat = [
    "m2", "%Ts.%ms", "%Tt", "%[var(txn.app)]", "%s", "%[var(txn.code)]", "%ts", "%ST", "%HM",
    "%[var(txn.host)]", "%[capture.req.hdr(0)]", "%ci", "%Tw", "%Tc", "%Tr", "%Ta", "%B", "%HV",
    "%sslv", "%rc", "%rt", "%pid", "%HPO%HQ",
  ].joined(separator: #"\t"#)

  /// What two parsers could read in two ways is no request, and never reaches a dyno. Of several
  /// conditions the rarest is the first: each request pays for all that are looked at.
  private static let refusals = #"""
        # `X_Forwarded_For` is `X-Forwarded-For` to many a server.
        option http-restrict-req-hdr-names delete
        http-request deny deny_status 405 if { method CONNECT TRACE }
        http-request deny deny_status 400 if !{ req.ver 1.1 } { fc_http_major 1 } !{ req.ver 1.0 }
        http-request deny deny_status 400 if { req.hdrs -m reg '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]' }
        http-request deny deny_status 400 if { internal.htx.data gt 8192 } \#
    { req.hdrs -m reg '[^\n]{8193}' }
        http-request deny deny_status 400 if \#
    !{ req.fhdr(host) -m reg '^[A-Za-z0-9_.:\[\]-]{1,255}$' }
        http-request deny deny_status 400 if { req.fhdr(transfer-encoding) -m found } HTTP_1.0
        http-request deny deny_status 400 if { req.fhdr(content-length) -m len gt 18 }
        http-request replace-uri ^[^/]*//[^/]*/?(.*) /\1 if !{ url_beg / } { url_beg -i http } \#
    { fc_http_major 1 }
        # What is neither a path nor a URL of HTTP/2; a star is for OPTIONS alone. `$` would also
        # match before a line feed.
        http-request deny deny_status 400 unless { url -m reg -i '^(/|https?://)[!-~]*\z' } or \#
    { url * } { method OPTIONS }
        http-request return status 417 content-type text/plain string "Expectation Failed" \#
    unless !{ req.fhdr(expect) -m found } or { req.fhdr(expect) -i 100-continue } \#
    { req.fhdr_cnt(expect) eq 1 }

    """#

  /// Who a visitor is, is the connection's word alone.
  private static let identity = #"""
        option forwardfor
        http-request del-header x-forwarded- -m beg
        http-request del-header forwarded
        http-request del-header x-real-ip
        http-request del-header proxy
        http-request del-header http2-settings
        # A condition holds when it does for one of several fields, so they are counted, too.
        http-request del-header upgrade unless { req.fhdr(upgrade) -i websocket } \#
    { req.fhdr_cnt(upgrade) eq 1 } { req.hdr(connection) -i upgrade }
        # A server may drop the fields that it names, and these may be ours.
        http-request del-header connection
        http-request set-header Connection upgrade if { req.fhdr(upgrade) -m found }
        http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
        http-request set-header X-Forwarded-Port %[dst_port]
        http-request set-header X-Request-Start %[date(0,ms)]
        http-request set-header X-Request-Id %[uuid] unless \#
    { req.fhdr(x-request-id) -m reg '^[A-Za-z0-9+/=-]{20,200}$' } \#
    { req.fhdr_cnt(x-request-id) eq 1 }
        http-request add-header Via "1.1 muster"
        http-response add-header Via "1.1 muster"

    """#

  /// What a checked request is known by.
  private static let names = """
        declare capture request len 200
        http-request capture req.fhdr(x-request-id) id 0
        http-request set-var(txn.host) req.fhdr(host),host_only,lower,rtrim(.)

    """
}
