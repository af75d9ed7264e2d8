// The one thing that HAProxy cannot say by itself: a request waits for a dyno that boots, and is
// told why when none comes.

import FormationModel

/// The script.
enum HoldScript {
  /// How long a request waits for a dyno. Heroku: 75 s (H20).
  static let patience = Duration.seconds(75)

  /// The script's text. Each thread of HAProxy has a Lua of its own, so waiting holds up nobody;
  /// `held` counts within one thread.
  static func text(states: String, threadLimit: Int) -> String {
    let codes = RouteAbsence.allCases.filter { $0 != .booting }
      .map { #"\#($0.rawValue) = "\#($0.code)""# }.joined(separator: ", ")
    return """
      local patience, limit, held = \(patience.inMilliseconds), \(threadLimit), 0
      local states = Map.new("\(states)", Map._str)
      local codes = { \(codes) }

      local function now()
        local time = core.now()
        return time.sec * 1000 + time.usec // 1000
      end

      -- The code to answer with; nil when there is a dyno.
      local function wait(backend, name)
        local last, step = now() + patience, 20
        while backend:get_srv_act() == 0 do
          local state = states:lookup(name)
          if state ~= "booting" then return state and codes[state] or "\(Self.unknown)" end
          local left = last - now()
          if left <= 0 then return "\(RouteAbsence.booting.code)" end
          core.msleep(math.min(step, left))
          step = math.min(step * 2, 200)
        end
      end

      core.register_action("hold", { "http-req" }, function(txn)
        if held >= limit then
          txn:set_var("txn.code", "H11")
          return
        end
        local name = txn.f:be_name()
        held = held + 1
        local code = wait(core.backends[name], name)
        held = held - 1
        if code then txn:set_var("txn.code", code) end
      end, 0)

      """
  }

  /// An app of which nothing is known any more: it left a moment ago.
  private static let unknown = "H14"
}
