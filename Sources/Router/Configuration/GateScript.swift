// The one thing that HAProxy cannot say by itself: a request waits for a dyno that boots, and is
// told why when none comes.

import FormationModel

/// The script.
enum GateScript {
  /// The script's text: a request waits for a dyno for that long. Each thread of HAProxy has a Lua
  /// of its own, so waiting holds up nobody. It runs for apps without a dyno alone.
  static func text(states: String, patience: Duration) -> String {
    let codes = RouteAbsence.allCases.map { #"\#($0.rawValue) = "\#($0.code)""# }
    return """
      local patience = \(patience.inMilliseconds)
      local states = Map.new("\(states)", Map._str)
      local codes = { \(codes.joined(separator: ", ")) }

      local function now()
        local time = core.now()
        return time.sec * 1000 + time.usec // 1000
      end

      \(action)
      """
  }

  private static let action = """
    core.register_action("gate", { "http-req" }, function(txn)
      local app, step = txn:get_var("txn.app"), 20
      -- Set by our own rule, so what was waited before a reload counts.
      local last = (tonumber(txn.sf:req_fhdr("x-request-start")) or now()) + patience
      while true do
        -- A process that was replaced sees no dyno whatever runs: its successor decides.
        local stopping = txn.f:stopping()
        if stopping == 1 or stopping == true then
          txn:set_var("txn.app", "again")
          return
        end
        local known, dynos = pcall(txn.f.nbsrv, txn.f, app)
        if not known or dynos > 0 then return end
        local state, left = states:lookup(app), last - now()
        if state ~= "booting" or left <= 0 then
          txn:set_var("txn.code", state and codes[state] or "H99")
          return
        end
        -- This is what stays when the visitor leaves, for HAProxy ends the script then.
        txn:set_var("txn.code", "H27")
        core.msleep(math.min(step, left))
        txn:unset_var("txn.code")
        step = math.min(step * 2, 200)
      end
    end, 0)

    """
}
