"""What may stand between the app and a visitor: a proxy that serves it under a prefix, and a page that frames it."""

import http.client
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PASSED_ON = ("content-type", "content-encoding", "cache-control", "location")


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], name: str = "127.0.0.1") -> Iterator[str]:
    """Serve by this handler. Yields the address, without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{name}:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def proxy(url: str, prefix: str) -> Iterator[str]:
    """A proxy that serves an app under a prefix, which it strips, and nothing besides. Yields the app's address there,
    with a slash at the end."""
    app = urlsplit(url).netloc

    class Proxy(Quiet):
        def pass_on(self) -> None:
            if not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            length = int(self.headers.get("content-length", 0))
            upstream = http.client.HTTPConnection(app, timeout=600)
            upstream.request(self.command, self.path[len(prefix) :], self.rfile.read(length), dict(self.headers))
            reply = upstream.getresponse()
            self.send_response(reply.status)
            for name in PASSED_ON:
                if value := reply.headers.get(name):
                    self.send_header(name, value)
            self.end_headers()
            try:
                while chunk := reply.read1():  # as it comes: the queue is a stream
                    self.wfile.write(chunk)
            except OSError:  # the visitor has gone
                pass
            finally:
                upstream.close()

        do_GET = do_POST = do_HEAD = pass_on

    with listening(Proxy) as address:
        yield f"{address}{prefix}/"


@contextmanager
def framing(url: str) -> Iterator[str]:
    """A page of another site that shows the app in a frame. Yields its address."""

    class Page(Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            style = "width: 100%; height: 95vh; border: 0"
            self.wfile.write(f'<!doctype html><iframe src="{url}" style="{style}"></iframe>'.encode())

    with listening(Page, name="localhost") as address:
        yield address


class Plug:
    """A cable's plug: pulled out, all connections break, and none is made until it is put back."""

    def __init__(self) -> None:
        self.inside = True
        self.ends: set[socket.socket] = set()
        self.lock = threading.Lock()

    def pull(self) -> None:
        with self.lock:
            self.inside = False
            for end in self.ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def joins(self, *ends: socket.socket) -> bool:
        """Whether a connection between these can be made. It then breaks when the plug is pulled."""
        with self.lock:
            if self.inside:
                self.ends.update(ends)
            return self.inside

    def parts(self, *ends: socket.socket) -> None:
        with self.lock:
            self.ends.difference_update(ends)

    def put_back(self) -> None:
        self.inside = True


@contextmanager
def cable(url: str) -> Iterator[tuple[str, Plug]]:
    """A cable to an app. Yields its other end's address, with a slash at the end, and its plug."""
    app, plug = urlsplit(url), Plug()

    def carry(here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := here.recv(65536):
                there.sendall(data)
        for end in (here, there):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    class Cable(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection((app.hostname, app.port)) as there:
                if not plug.joins(self.request, there):
                    return
                back = threading.Thread(target=carry, args=(there, self.request), daemon=True)
                back.start()
                carry(self.request, there)
                back.join()
                plug.parts(self.request, there)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True

    with Server(("127.0.0.1", 0), Cable) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", plug
        plug.pull()
        server.shutdown()
