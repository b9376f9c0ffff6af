-- Records 3 minutes of usage with each request, under an identifier never used before.
--
--   wrk -t1 -c64 -d10s -s ledger-bench/wrk/record.lua http://127.0.0.1:8080 -- <api key> <spread|hot> <organizations> <run>
--
-- The organizations <spread|hot>-00000 and up have to be there, and <run> must be new: ./ledger bench sees to both.

local key, shape, organizations, run
local number = 0

function init(args)
    key, shape, organizations, run = args[1], args[2], tonumber(args[3]), args[4]
    wrk.method = "POST"
    wrk.headers["Authorization"] = "Bearer " .. key
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    local path = string.format("/v1/organizations/%s-%05d/transcriptions", shape, math.random(0, organizations - 1))
    local body = string.format('{"transcriptionId":"%s-wrk-%09d","minutes":3}', run, number)
    number = number + 1
    return wrk.format(nil, path, nil, body)
end

function done(summary, latency)
    local refused = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
    print(string.format("recorded %d in %d us, p50 %d us, p99 %d us, p99.9 %d us, refused %d", summary.requests,
        summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9), refused))
end
