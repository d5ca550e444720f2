#!/bin/sh
# The load generator against a router that always says the same: router on core 0, client on
# core 1. Builds nothing; wants `busyhour` and `router` in BIN (target/release), and for the pairs
# `wrk` and `oha` on the PATH. Usage: run.sh [stall|calm|rate|closed|memory]...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=${BIN:-$here/../../target/release}
out=$(mktemp -d)
at=127.0.0.1:8490
trap 'kill $router 2>/dev/null || true; rm -rf "$out"' EXIT

serve() {
    taskset -c 0 "$bin/router" --listen $at "$@" &
    router=$!
    sleep 0.5
}

over() {
    kill $router
    wait $router 2>/dev/null || true
}

load() {
    taskset -c 1 "$bin/busyhour" run "$here/load.toml" --backend "http://$at/route" \
        --out "$out/run" --force --quiet --format json "$@"
}

# CPU seconds, user and system, of a command; what it prints goes to $out/printed.
cpu() {
    python3 - "$out/printed" "$@" <<'PY'
import resource, subprocess, sys
with open(sys.argv[1], "wb") as printed:
    subprocess.run(["taskset", "-c", "1", *sys.argv[2:]], stdout=printed, check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.3f} {used.ru_maxrss}")
PY
}

stall() {
    echo "== 5 000/s for 10 s, 200 ms stalls every 2 s: truth p95 100, p99 180, p99.9 198 ms;"
    echo "   with the drain of the backlog about 107, 185, 200"
    serve --stall-ms 200
    load | python3 "$here/evenly.py"
    over
}

calm() {
    echo "== 5 000/s for 10 s, a calm router: response p50 at most 1.2 x service p50"
    serve
    load | python3 "$here/evenly.py"
    over
}

rate() {
    echo "== 20 000/s for 10 s: at least 99.9 % delivered"
    serve
    load --set arrivals.0.rate=20000/s | python3 "$here/evenly.py"
    over
}

# One closed-loop run over so many requests: CPU seconds and the largest resident size.
ours() {
    cpu "$bin/busyhour" run "$here/load.toml" --backend "http://$at/$2" --out "$out/run" --force \
        --quiet --format json --set 'backend.closed={connections=64}' \
        --set arrivals.0.rate=20000/s --set "duration=$(($1 / 20000))s"
}

closed() {
    few=${FEW:-100000} many=${MANY:-500000} pairs=${PAIRS:-3}
    body='{"call_id":"c-000042-1","at":"2026-03-02T15:00:05.250Z","from":"+15555550177","to":"+15555550199","attempt":1,"available":{}}'
    printf 'wrk.method = "POST"\nwrk.body = [[%s]]\nwrk.headers["content-type"] = "application/json"\n' \
        "$body" >"$out/post.lua"
    echo "== closed loop, 64 connections: marginal client CPU in µs a request, in turn"
    serve
    for pair in $(seq "$pairs"); do
        for wire in route voice; do
            a=$(ours "$few" $wire) b=$(ours "$many" $wire)
            echo "$a $b" | awk -v n=$((many - few)) -v w=$wire \
                '{ printf "busyhour %-6s %6.2f\n", w, ($3 - $1) / n * 1e6 }'
        done
        if command -v oha >/dev/null; then
            theirs() { cpu oha --no-tui -n "$1" -c 64 -m POST -T application/json -d "$body" "http://$at/route"; }
            a=$(theirs "$few") b=$(theirs "$many")
            echo "$a $b" | awk -v n=$((many - few)) '{ printf "oha             %6.2f\n", ($3 - $1) / n * 1e6 }'
        fi
        if command -v wrk >/dev/null; then
            requests() { awk '/requests in/ { print $1 }' "$out/printed"; }
            a=$(cpu wrk -t1 -c64 -d2s -s "$out/post.lua" "http://$at/route") x=$(requests)
            b=$(cpu wrk -t1 -c64 -d8s -s "$out/post.lua" "http://$at/route") y=$(requests)
            echo "$a $b" | awk -v n=$((y - x)) '{ printf "wrk             %6.2f\n", ($3 - $1) / n * 1e6 }'
        fi
    done
    over
}

memory() {
    few=${FEW:-1000000} many=${MANY:-20000000}
    echo "== resident size after $few and after $many requests: at most 1.1 x"
    serve
    a=$(ours "$few" route) b=$(ours "$many" route)
    echo "$a $b" | awk '{ printf "%d KiB, %d KiB: %.3f\n", $2, $4, $4 / $2 }'
    over
}

for what in ${*:-stall calm rate closed memory}; do
    $what
done
