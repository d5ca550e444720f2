#!/bin/sh
# The load generator against a router that always says the same: router on core 0, client on
# core 1. Builds nothing; wants `busyhour` and `router` in BIN (target/release), and for the pairs
# `wrk` and `oha` on the PATH. Usage: run.sh [stall|calm|rate|closed|memory|tls]...
# PRIORITY="chrt -f 10" measures what neighbours do not disturb.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=${BIN:-$here/../../target/release}
out=$(mktemp -d)
at=${AT:-127.0.0.1:8490}
trap 'kill $router 2>/dev/null || true; rm -rf "$out"' EXIT

serve() {
    ${PRIORITY:-} taskset -c 0 "$bin/router" --listen $at "$@" &
    router=$!
    sleep 0.5
}

over() {
    kill $router
    wait $router 2>/dev/null || true
}

load() {
    ${PRIORITY:-} taskset -c 1 "$bin/busyhour" run "$here/load.toml" \
        --backend "${origin:-http://$at}/route" ${more:-} \
        --out "$out/run" --force --quiet --format json "$@"
}

# CPU seconds, user and system, of a command; what it prints goes to $out/printed.
cpu() {
    python3 - "$out/printed" "$@" <<'PY'
import os, resource, subprocess, sys
priority = os.environ.get("PRIORITY", "").split()
with open(sys.argv[1], "wb") as printed:
    subprocess.run([*priority, "taskset", "-c", "1", *sys.argv[2:]], stdout=printed, check=False)
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
    cpu "$bin/busyhour" run "$here/load.toml" --backend "${origin:-http://$at}/$2" ${more:-} \
        --out "$out/run" --force --quiet --format json --set 'backend.closed={connections=64}' \
        --set arrivals.0.rate=20000/s --set "duration=$(($1 / 20000))s"
}

# What both sides of a pair post, over each wire.
json='{"call_id":"c-000042-1","at":"2026-01-05T00:00:05.250Z","from":"+15555550100","to":"+15555550150","attempt":1,"available":{}}'
form='AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&CallSid=CA0000000000000001000000000000002a&CallStatus=ringing&Called=%2B15555550150&Caller=%2B15555550100&Direction=inbound&From=%2B15555550100&To=%2B15555550150'

# Which body and type go to a path.
posted() {
    case $1 in
    route) body=$json type=application/json ;;
    voice) body=$form type=application/x-www-form-urlencoded ;;
    esac
}

# oha with so many requests to a path.
theirs() {
    posted "$2"
    cpu oha --no-tui -n "$1" -c 64 -m POST -T "$type" -d "$body" "${origin:-http://$at}/$2"
}

# The size of a request and of its answer, as a relay between client and router sees them.
bytes() {
    posted "$1"
    python3 "$here/relay.py" 8499 "$at" "$2" &
    relay=$!
    sleep 0.5
    case $2 in
    busyhour) at=127.0.0.1:8499 ours 20000 "$1" >/dev/null ;;
    oha) at=127.0.0.1:8499 theirs 200 "$1" >/dev/null ;;
    esac
    kill $relay
    wait $relay 2>/dev/null || true
}

# Marginal processor time a request: of many less that of few.
marginal() {
    echo "$3 $4" | awk -v n="$5" -v who="$1" -v wire="$2" \
        '{ printf "%-9s %-6s %6.2f\n", who, wire, ($3 - $1) / n * 1e6 }'
}

closed() {
    few=${FEW:-100000} many=${MANY:-500000} pairs=${PAIRS:-5} wires=${WIRES:-route voice}
    printf 'wrk.method = "POST"\nwrk.body = [[%s]]\nwrk.headers["content-type"] = "application/json"\n' \
        "$json" >"$out/post.lua"
    echo "== closed loop, 64 connections: marginal client CPU in µs a request, in turn; the same"
    echo "   body to the same path of the same router, which gives the same answer"
    serve
    for wire in $wires; do
        bytes "$wire" busyhour
        command -v oha >/dev/null && bytes "$wire" oha
    done
    for pair in $(seq "$pairs"); do
        for wire in $wires; do
            a=$(ours "$few" $wire) b=$(ours "$many" $wire)
            marginal busyhour "$wire" "$a" "$b" $((many - few))
            if command -v oha >/dev/null; then
                a=$(theirs "$few" $wire) b=$(theirs "$many" $wire)
                marginal oha "$wire" "$a" "$b" $((many - few))
            fi
        done
        if [ -n "${WRK:-}" ]; then
            requests() { awk '/requests in/ { print $1 }' "$out/printed"; }
            a=$(cpu wrk -t1 -c64 -d2s -s "$out/post.lua" "http://$at/route") x=$(requests)
            b=$(cpu wrk -t1 -c64 -d8s -s "$out/post.lua" "http://$at/route") y=$(requests)
            marginal wrk route "$a" "$b" $((y - x))
        fi
    done | tee "$out/pairs"
    python3 "$here/pairs.py" <"$out/pairs"
    over
}

# The same over TLS, by a certificate that the router makes itself; oha cannot be told to trust
# one, so it looks at none, which spares it next to nothing on kept connections.
tls() {
    few=${FEW:-50000} many=${MANY:-250000} pairs=${PAIRS:-5}
    serve --tls "$out/router.pem"
    origin="https://localhost:${at#*:}"
    more="--ca-file $out/router.pem"
    echo "== over TLS, 5 000/s for 10 s"
    load | python3 "$here/evenly.py"
    echo "== over TLS, closed loop, 64 connections: marginal client CPU in µs a request"
    for pair in $(seq "$pairs"); do
        for wire in ${WIRES:-route voice}; do
            a=$(ours "$few" $wire) b=$(ours "$many" $wire)
            marginal busyhour "$wire" "$a" "$b" $((many - few))
            if command -v oha >/dev/null; then
                posted "$wire"
                insecure() { cpu oha --no-tui --insecure -n "$1" -c 64 -m POST -T "$type" -d "$body" "$origin/$wire"; }
                a=$(insecure "$few") b=$(insecure "$many")
                marginal oha "$wire" "$a" "$b" $((many - few))
            fi
        done
    done | tee "$out/pairs"
    python3 "$here/pairs.py" <"$out/pairs"
    origin='' more=''
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

for what in ${*:-stall calm rate closed memory tls}; do
    $what
done
