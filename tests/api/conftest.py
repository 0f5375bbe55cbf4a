import pytest
from e2e import App, Visitor, serve
from gradio_client import Client


@pytest.fixture(scope="session")
def app() -> App:
    return serve()


@pytest.fixture
def new_client(app):
    """Makes clients of Gradio's own kind, each a visitor of its own, whose runs end with the test."""
    clients = []

    def make() -> Client:
        clients.append(Client(app.url, verbose=False))
        return clients[-1]

    yield make
    for client in clients:
        app.engine.leave(client.session_hash)


@pytest.fixture
def client(new_client) -> Client:
    return new_client()


@pytest.fixture
def new_visitor(app):
    """Makes visitors who can send anything."""
    visitors = []

    def make() -> Visitor:
        visitors.append(Visitor(app))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def visitor(new_visitor) -> Visitor:
    return new_visitor()
