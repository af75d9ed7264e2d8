"""Keeps a list of names in memory: GET / shows it, GET /sign/NAME adds one."""

import os
import socket
from urllib.parse import unquote

title = os.environ["TITLE"]
verbose = os.environ["LOG_LEVEL"] == "debug"
names = []

listener = socket.create_server(("0.0.0.0", int(os.environ["PORT"])))
while True:
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(10)
        try:
            path = connection.recv(65536).decode("latin-1").split(" ", 2)[1]
            if path.startswith("/sign/"):
                names.append(unquote(path[len("/sign/") :])[:80])
            body = "\n".join([title, *names, ""]).encode()
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
                b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
            )
        except (OSError, IndexError):
            continue
        if verbose:
            print(path, flush=True)
