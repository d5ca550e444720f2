"""A relay that says how large the requests through it are, and their answers: PORT HOST:PORT NAME."""
import signal
import socket
import sys
import threading

port, (host, to), name = int(sys.argv[1]), sys.argv[2].split(":"), sys.argv[3]
sizes = [0, 0]
requests = 0


def carry(come, go, which):
    global requests
    try:
        while data := come.recv(65536):
            sizes[which] += len(data)
            requests += data.count(b"POST /") if which == 0 else 0
            go.sendall(data)
    except OSError:
        pass  # The other direction has ended first.
    go.close()


def tell(*_):
    out, back = (size / max(requests, 1) for size in sizes)
    print(f"{name}: {out:.0f} bytes out, {back:.0f} bytes in a request", flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, tell)
listener = socket.create_server(("127.0.0.1", port), backlog=256)
while True:
    client, _ = listener.accept()
    router = socket.create_connection((host, int(to)))
    for come, go, which in [(client, router, 0), (router, client, 1)]:
        threading.Thread(target=carry, args=(come, go, which), daemon=True).start()
