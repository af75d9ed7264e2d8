"""Answers HTTP with the name of the dyno and its release.

It uses sockets as they are: the stack has python3-minimal, which has no http.server.
"""

import os
import socket
import threading

DYNO = os.environ["DYNO"]
RELEASE = os.environ["MUSTER_RELEASE"]
GREETING = os.environ.get("GREETING", "Hello")


def answer(path):
    if path == "/healthz":
        return "200 OK", "ok\n"
    if path == "/":
        return "200 OK", f"{GREETING} from {DYNO}, release {RELEASE}\n"
    return "404 Not Found", "There is nothing here.\n"


def serve(connection):
    with connection:
        connection.settimeout(10)
        try:
            head = connection.recv(65536).decode("latin-1")
            path = head.split("\r\n", 1)[0].split(" ")[1].split("?", 1)[0]
        except (OSError, IndexError):
            return
        status, body = answer(path)
        connection.sendall(
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n{body}".encode()
        )
        print(f"{status.split(' ')[0]} {path}", flush=True)


listener = socket.create_server(("0.0.0.0", int(os.environ["PORT"])))
print(f"{DYNO} listens", flush=True)
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
