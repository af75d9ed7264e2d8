"""Takes orders over HTTP: every request is one, and is answered with its number."""

import itertools
import os
import socket

numbers = itertools.count(1)
listener = socket.create_server(("0.0.0.0", int(os.environ["PORT"])))
while True:
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(10)
        try:
            if not connection.recv(65536):
                continue
            body = f"order {next(numbers)} taken by {os.environ['DYNO']}\n"
            connection.sendall(
                "HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
            )
            print(body, end="", flush=True)
        except OSError:
            continue
