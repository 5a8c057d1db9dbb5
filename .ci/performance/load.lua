-- One generator for both stores, so that both are measured alike:
--   wrk ... -s load.lua URL -- parley|etcd put|get
-- Keys: 100,000, chosen at random. Values: 128 bytes. etcd's HTTP gateway takes keys and values in base64.
local keys_count, value_bytes = 100000, 128
local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(text)
  local out = {}
  for i = 1, #text, 3 do
    local a, b, c = text:byte(i, i + 2)
    local n = a * 65536 + (b or 0) * 256 + (c or 0)
    for place, divisor in ipairs({ 262144, 4096, 64, 1 }) do
      local six = math.floor(n / divisor) % 64
      local padding = (place == 3 and not b) or (place == 4 and not c)
      out[#out + 1] = padding and "=" or digits:sub(six + 1, six + 1)
    end
  end
  return table.concat(out)
end

local function key(i) return string.format("bench/%06d", i) end

local function value()
  local letters = {}
  for i = 1, value_bytes do letters[i] = string.char(math.random(97, 122)) end
  return table.concat(letters)
end

function init(args)
  math.randomseed(os.time())
  local store, operation = args[1], args[2]
  local values, encoded = {}, {}
  for i = 1, 64 do values[i] = store == "etcd" and base64(value()) or value() end
  if store == "etcd" then
    for i = 0, keys_count - 1 do encoded[i] = base64(key(i)) end
  end
  local json, text = { ["Content-Type"] = "application/json" }, { ["Content-Type"] = "text/plain" }
  local requests = {
    ["parley put"] = function()
      return wrk.format("PUT", "/v1/kv/" .. key(math.random(0, keys_count - 1)), text, values[math.random(64)])
    end,
    ["parley get"] = function() return wrk.format("GET", "/v1/kv/" .. key(math.random(0, keys_count - 1))) end,
    ["etcd put"] = function()
      return wrk.format("POST", "/v3/kv/put", json,
        '{"key":"' .. encoded[math.random(0, keys_count - 1)] .. '","value":"' .. values[math.random(64)] .. '"}')
    end,
    ["etcd get"] = function()
      return wrk.format("POST", "/v3/kv/range", json, '{"key":"' .. encoded[math.random(0, keys_count - 1)] .. '"}')
    end,
  }
  request = requests[store .. " " .. operation] or error("usage: -- parley|etcd put|get")
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("rate=%.0f errors=%d p50_us=%d p99_us=%d\n", summary.requests / (summary.duration / 1e6),
    e.status + e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))
end
