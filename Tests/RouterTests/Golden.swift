// The configuration of two apps, byte for byte.

/// What is expected.
enum Golden {
  static let configuration = #"""
    # Written by Muster for each load, and never read again: what is changed here is lost.
    global
        user haproxy
        group haproxy
        chroot /run/muster/r/jail
        stats socket /run/muster/r/7/admin.sock mode 600 level admin expose-fd listeners
        stats timeout 1m
        stats maxconn 100
        # The pipe that it is started with; a line that is longer would not come as a whole.
        log fd@3 len 4095 format raw local0 info
        # A port that somebody else listens on is not shared with him.
        noreuseport
        maxconn 9850
        # What an old process still has after a reload, WebSockets above all, may last this \#
    long.
        hard-stop-after 1h
        tune.bufsize 32768
        tune.maxrewrite 4096
        tune.http.logurilen 4096
        lua-load-per-thread /run/muster/r/7/gate.lua
        ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets

    http-errors muster
        errorfile 400 /run/muster/r/7/bad-request.http
        errorfile 405 /run/muster/r/7/method-not-allowed.http
        errorfile 408 /run/muster/r/7/request-timeout.http
        errorfile 413 /run/muster/r/7/too-large.http
        errorfile 404 /run/muster/r/7/no-such-app.http
        errorfile 500 /run/muster/r/7/application-error.http
        errorfile 502 /run/muster/r/7/application-error.http
        errorfile 503 /run/muster/r/7/application-error.http
        errorfile 504 /run/muster/r/7/application-error.http

    http-errors maintenance
        errorfile 503 /run/muster/r/7/maintenance.http

    defaults base
        mode http
        errorfiles muster
        log global
        option dontlognull
        option http-ignore-probes
        option abortonclose
        log-format "m2\t%Ts.%ms\t%Tt\t%[var(txn.app)]\t%s\t%[var(txn.code)]\t%ts\t%ST\t%HM\#
    \t%[var(txn.host)]\t%[capture.req.hdr(0)]\t%ci\t%Tw\t%Tc\t%Tr\t%Ta\t%B\t%HV\#
    \t%sslv\t%rc\t%rt\t%pid\t%HPO%HQ"
        # A visitor's next request on a connection that a reload closes would be lost.
        option idle-close-on-response
        timeout connect 5s
        timeout client 55000ms
        timeout server 30s
        timeout http-request 10s
        timeout http-keep-alive 90s
        timeout queue 30s

    frontend web from base
        bind 127.0.0.1:8080 proto h1
        bind 127.0.0.1:8443 ssl crt /var/lib/muster/tls alpn h2,http/1.1
        maxconn 9850
        # `X_Forwarded_For` is `X-Forwarded-For` to many a server.
        option http-restrict-req-hdr-names delete
        http-request deny deny_status 405 if { method CONNECT TRACE }
        http-request deny deny_status 400 if !{ req.ver 1.1 } { fc_http_major 1 } !{ \#
    req.ver 1.0 }
        http-request deny deny_status 400 if { req.hdrs -m reg '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]' }
        http-request deny deny_status 400 if { internal.htx.data gt 8192 } { req.hdrs -m reg \#
    '[^\n]{8193}' }
        http-request deny deny_status 400 if !{ req.fhdr(host) -m reg \#
    '^[A-Za-z0-9_.:\[\]-]{1,255}$' }
        http-request deny deny_status 400 if { req.fhdr(transfer-encoding) -m found } HTTP_1.0
        http-request deny deny_status 400 if { req.fhdr(content-length) -m len gt 18 }
        http-request replace-uri ^[^/]*//[^/]*/?(.*) /\1 if !{ url_beg / } { url_beg -i http } \#
    { fc_http_major 1 }
        # What is neither a path nor a URL of HTTP/2; a star is for OPTIONS alone. `$` would also
        # match before a line feed.
        http-request deny deny_status 400 unless { url -m reg -i '^(/|https?://)[!-~]*\z' } or { \#
    url * } { method OPTIONS }
        http-request return status 417 content-type text/plain string "Expectation Failed" \#
    unless !{ req.fhdr(expect) -m found } or { req.fhdr(expect) -i 100-continue } { \#
    req.fhdr_cnt(expect) eq 1 }
        option forwardfor
        http-request del-header x-forwarded- -m beg
        http-request del-header forwarded
        http-request del-header x-real-ip
        http-request del-header proxy
        http-request del-header http2-settings
        # A condition holds when it does for one of several fields, so they are counted, too.
        http-request del-header upgrade unless { req.fhdr(upgrade) -i websocket } { \#
    req.fhdr_cnt(upgrade) eq 1 } { req.hdr(connection) -i upgrade }
        # A server may drop the fields that it names, and these may be ours.
        http-request del-header connection
        http-request set-header Connection upgrade if { req.fhdr(upgrade) -m found }
        http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
        http-request set-header X-Forwarded-Port %[dst_port]
        http-request set-header X-Request-Start %[date(0,ms)]
        http-request set-header X-Request-Id %[uuid] unless { req.fhdr(x-request-id) -m reg \#
    '^[A-Za-z0-9+/=-]{20,200}$' } { req.fhdr_cnt(x-request-id) eq 1 }
        http-request add-header Via "1.1 muster"
        http-response add-header Via "1.1 muster"
        declare capture request len 200
        http-request capture req.fhdr(x-request-id) id 0
        http-request set-var(txn.host) req.fhdr(host),host_only,lower,rtrim(.)
        http-request set-var(txn.app) str(again) if { stopping }
        http-request set-var(txn.app) var(txn.host),map_str(/run/muster/r/7/hosts.map) if !{ \#
    var(txn.app) -m found }
        http-request set-var(txn.app) var(txn.host),map_end(/run/muster/r/7/wildcards.map) if \#
    !{ var(txn.app) -m found }
        http-request redirect code 308 location https://%[var(txn.host)]:8443%[pathq] if { \#
    var(txn.app) -m beg app. } !{ ssl_fc }
        http-request set-var(txn.code) str(H80) if { \#
    var(txn.app),map_str(/run/muster/r/7/states.map) -m beg maintenance }
        http-request lua.gate if { var(txn.app),nbsrv -m int eq 0 } !{ var(txn.code) -m found } { \#
    var(txn.app),map_str(/run/muster/r/7/states.map) -m found }
        http-request return status 503 errorfiles maintenance if { var(txn.code) -m str H80 }
        http-request return status 503 default-errorfiles if { var(txn.code) -m found }
        use_backend %[var(txn.app)]
        default_backend no-such-app

    # What an old process still takes once it was replaced, on connections that visitors keep: \#
    it
    # has checked it, and the new one decides.
    frontend again from base
        bind unix@/run/muster/r/jail/again.sock user haproxy mode 600 accept-proxy
        declare capture request len 200
        http-request capture req.fhdr(x-request-id) id 0
        http-request set-var(txn.host) req.fhdr(host),host_only,lower,rtrim(.)
        http-request set-var(txn.app) str(again) if { stopping }
        http-request set-var(txn.app) var(txn.host),map_str(/run/muster/r/7/hosts.map) if !{ \#
    var(txn.app) -m found }
        http-request set-var(txn.app) var(txn.host),map_end(/run/muster/r/7/wildcards.map) if \#
    !{ var(txn.app) -m found }
        http-request redirect code 308 location https://%[var(txn.host)]:8443%[pathq] if { \#
    var(txn.app) -m beg app. } !{ dst_port 8443 }
        http-request set-var(txn.code) str(H80) if { \#
    var(txn.app),map_str(/run/muster/r/7/states.map) -m beg maintenance }
        http-request lua.gate if { var(txn.app),nbsrv -m int eq 0 } !{ var(txn.code) -m found } { \#
    var(txn.app),map_str(/run/muster/r/7/states.map) -m found }
        http-request return status 503 errorfiles maintenance if { var(txn.code) -m str H80 }
        http-request return status 503 default-errorfiles if { var(txn.code) -m found }
        use_backend %[var(txn.app)]
        default_backend no-such-app

    backend again from base
        # The new one logs it; where there is none, nobody else does.
        http-response set-log-level silent
        # The new one has the time limits.
        timeout server 24h
        timeout tunnel 24h
        server successor unix@/again.sock send-proxy-v2

    backend no-such-app from base
        http-request return status 404 default-errorfiles

    defaults app from base
        # In turn, so that a dyno which refuses is passed over for another one. What reached a \#
    dyno
        # is never sent again.
        balance roundrobin
        http-reuse safe
        retries 10
        option redispatch 1
        retry-on conn-failure

    backend app.blog from app
        timeout server 10000ms
        timeout tunnel 55000ms
        http-request set-timeout server 55000ms if { req.fhdr(accept) -m sub text/event-stream }

    backend app.shop from app
        timeout server 30000ms
        timeout tunnel 55000ms
        http-request set-timeout server 55000ms if { req.fhdr(accept) -m sub text/event-stream }
        use-server %[req.cook(muster-session-affinity)] if { req.cook(muster-session-affinity) \#
    -m found }
        http-request set-var(txn.pin) req.cook(muster-session-affinity)
        http-response set-var(txn.dyno) srv_name
        http-response add-header Set-Cookie "muster-session-affinity=%[srv_name]; Path=/; \#
    HttpOnly; SameSite=Lax" if !{ var(txn.pin),strcmp(txn.dyno) eq 0 }
        server shop.web.1.v1.1 10.64.0.1:8080
        server shop.web.2.v1.1 10.64.0.2:8080 disabled

    """#
}
