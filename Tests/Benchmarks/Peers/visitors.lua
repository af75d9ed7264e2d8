-- The visitors, for wrk: they go from host to host. Arguments: how many hosts, and `close` for a
-- connection each. The last line is: requests, microseconds, the 99th percentile in microseconds,
-- what failed.

local requests, place = {}, 0

function init(arguments)
  for number = 1, tonumber(arguments[1]) do
    local headers = { Host = "app-" .. number .. ".bench" }
    if arguments[2] == "close" then headers.Connection = "close" end
    requests[number] = wrk.format("GET", "/", headers)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("%d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
