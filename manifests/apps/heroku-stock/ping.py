import os
import socket
import sys

body = os.environ["PONG"] + "\n"
answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"

server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
while True:
    client, _ = server.accept()
    with client:
        client.settimeout(10)
        try:
            client.recv(65536)
            client.sendall(answer.encode())
        except OSError:
            pass
