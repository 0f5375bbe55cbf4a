"""What may stand between the app and a visitor: a proxy that serves it under a prefix, and a page that frames it."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
