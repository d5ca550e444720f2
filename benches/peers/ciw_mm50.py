"""M/M/50 in Ciw: one node with fifty servers.

    ciw_mm50.py CUSTOMERS SEED

Prints one line of JSON. `seconds` is the processor time of the run alone: without imports, and
without the reading of the records afterwards.
"""

import json
import sys
import time

import ciw


def main():
    customers, seed = int(sys.argv[1]), int(sys.argv[2])
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=45.0)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[50],
    )
    begun = time.process_time()
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers, method="Finish")
    seconds = time.process_time() - begun
    waits = [record.waiting_time for record in simulation.get_all_records()]
    print(json.dumps({
        "customers": len(waits),
        "seconds": seconds,
        "wait_share": sum(wait > 0 for wait in waits) / len(waits),
        "mean_wait_s": sum(waits) / len(waits),
    }))


main()
