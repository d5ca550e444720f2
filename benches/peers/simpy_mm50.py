"""M/M/50 in SimPy: a process for each customer, a resource of fifty.

    simpy_mm50.py CUSTOMERS SEED

Prints one line of JSON. `seconds` is the processor time of the run without imports.
"""

import json
import random
import sys
import time

import simpy


def customer(env, servers, draws, sums):
    came = env.now
    with servers.request() as turn:
        yield turn
        wait = env.now - came
        if wait > 0:
            sums["waited"] += 1
            sums["wait_s"] += wait
        sums["served"] += 1
        yield env.timeout(draws.expovariate(1.0))


def source(env, customers, servers, draws, sums):
    for _ in range(customers):
        yield env.timeout(draws.expovariate(45.0))
        env.process(customer(env, servers, draws, sums))


def main():
    customers, seed = int(sys.argv[1]), int(sys.argv[2])
    sums = {"served": 0, "waited": 0, "wait_s": 0.0}
    draws = random.Random(seed)
    begun = time.process_time()
    env = simpy.Environment()
    servers = simpy.Resource(env, capacity=50)
    env.process(source(env, customers, servers, draws, sums))
    env.run()
    seconds = time.process_time() - begun
    print(json.dumps({
        "customers": sums["served"],
        "seconds": seconds,
        "wait_share": sums["waited"] / sums["served"],
        "mean_wait_s": sums["wait_s"] / sums["served"],
    }))


main()
